"""Addresses of disposal (namespace disposal)."""

from django.urls import path

from mingchan.lifecycle.disposal.views import acting, pages, papers, proposing, settling

app_name = "disposal"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("propose/", proposing.propose, name="propose"),
    path("<int:disposal_id>/", pages.detail, name="detail"),
    path("<int:disposal_id>/edit/", proposing.edit, name="edit"),
    path("<int:disposal_id>/pick/", proposing.pick, name="pick"),
    path("<int:disposal_id>/part/", proposing.part, name="part"),
    path("<int:disposal_id>/remove/", proposing.remove, name="remove"),
    path("<int:disposal_id>/attach/", proposing.attach, name="attach"),
    path("<int:disposal_id>/submit/", proposing.submit, name="submit"),
    path("<int:disposal_id>/cancel/", proposing.cancel, name="cancel"),
    path("<int:disposal_id>/appraise/", acting.appraise, name="appraise"),
    path("<int:disposal_id>/price/", acting.ask_price, name="price"),
    path("<int:disposal_id>/execute/", acting.execute, name="execute"),
    path("<int:disposal_id>/receive/", settling.receive, name="receive"),
    path("<int:disposal_id>/pay/", settling.pay, name="pay"),
    path("<int:disposal_id>/close/", settling.close, name="close"),
    path("<int:disposal_id>/remit/", settling.remit, name="remit"),
    path("<int:disposal_id>/application/", papers.application, name="application"),
    path("<int:disposal_id>/filing/", papers.filing, name="filing"),
]
