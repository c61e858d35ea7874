"""Addresses of the two switches; open to everybody, the login page included."""

from django.urls import path

from mingchan.kernel.ui import views

app_name = "ui"
urlpatterns = [
    path("unit/", views.set_unit, name="unit"),
    path("language/", views.set_language, name="language"),
]
