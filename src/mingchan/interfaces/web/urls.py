"""Addresses of the workbench (namespace web)."""

from django.urls import path

from mingchan.interfaces.web import views

app_name = "web"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
]
