"""Addresses of handover (namespace handover)."""

from django.urls import path

from mingchan.register.handover.views import checking, lists, signing, status

app_name = "handover"
urlpatterns = [
    path("", lists.list_page, name="list"),
    path("new/", lists.create, name="create"),
    path("<int:handover_id>/", lists.detail, name="detail"),
    path("<int:handover_id>/edit/", lists.edit, name="edit"),
    path("<int:handover_id>/pick/", lists.pick, name="pick"),
    path("<int:handover_id>/remove/", lists.remove, name="remove"),
    path("<int:handover_id>/refresh/", lists.refresh, name="refresh"),
    path("<int:handover_id>/attach/", lists.attach, name="attach"),
    path("<int:handover_id>/open/", lists.open_checking, name="open"),
    path("<int:handover_id>/cancel/", lists.cancel, name="cancel"),
    path("<int:handover_id>/check/", checking.check, name="check"),
    path("<int:handover_id>/check/<int:line_id>/", checking.tick, name="tick"),
    path("<int:handover_id>/check/<int:line_id>/resolve/", checking.resolve, name="resolve"),
    path("<int:handover_id>/sign/", signing.sign, name="sign"),
    path("<int:handover_id>/retract/", signing.retract, name="retract"),
    path("status/<int:handover_id>/<slug:digest>/", status.status, name="status"),
    path("<int:handover_id>/paper/", signing.paper, name="paper"),
]
