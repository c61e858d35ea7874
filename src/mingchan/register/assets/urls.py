"""Addresses of the register (namespace assets)."""

from django.urls import URLPattern

app_name = "assets"
urlpatterns: list[URLPattern] = []
