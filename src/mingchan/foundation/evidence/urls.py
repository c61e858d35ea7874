"""Addresses of the trace."""

from django.urls import path

from mingchan.foundation.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.log, name="log"),
    path("<int:seq>/", views.record, name="record"),
    path("verify/", views.verify, name="verify"),
    path("verify/<int:run_id>/", views.run, name="run"),
    path("files/<int:attachment_id>/", views.download, name="download"),
    path("files/<int:attachment_id>/thumbnail/", views.thumbnail, name="thumbnail"),
]
