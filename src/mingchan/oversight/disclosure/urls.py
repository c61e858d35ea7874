"""Addresses of disclosure (namespace disclosure)."""

from django.urls import URLPattern

app_name = "disclosure"
urlpatterns: list[URLPattern] = []
