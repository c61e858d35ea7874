"""Addresses of sites (namespace sites)."""

from django.urls import URLPattern

app_name = "sites"
urlpatterns: list[URLPattern] = []
