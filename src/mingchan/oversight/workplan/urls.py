"""Addresses of the work plan (namespace workplan)."""

from django.urls import path

from mingchan.oversight.workplan import views

app_name = "workplan"
urlpatterns = [
    path("", views.newest, name="newest"),
    path("new/", views.create, name="create"),
    path("missing/<slug:code>/", views.missing, name="missing"),
    path("<int:year>/", views.plan, name="plan"),
    path("<int:year>/<slug:code>/", views.stage, name="stage"),
    path("<int:year>/<slug:code>/days/", views.days, name="days"),
    path("<int:year>/<slug:code>/confirm/", views.confirm, name="confirm"),
    path("<int:year>/<slug:code>/close/", views.close, name="close"),
]
