"""Addresses of reports from the public for the offices (namespace complaints)."""

from django.urls import path

from mingchan.oversight.complaints import views

app_name = "complaints"
urlpatterns = [
    path("", views.list_page, name="list"),
    path("new/", views.record, name="record"),
    path("<int:complaint_id>/", views.detail, name="detail"),
    path("<int:complaint_id>/accept/", views.accept, name="accept"),
    path("<int:complaint_id>/pass-on/", views.pass_on, name="pass_on"),
    path("<int:complaint_id>/investigate/", views.investigate, name="investigate"),
    path("<int:complaint_id>/answer/", views.answer, name="answer"),
    path("<int:complaint_id>/decline/", views.decline, name="decline"),
    path("<int:complaint_id>/reporter/", views.reveal, name="reveal"),
]
