"""Addresses of distribution (namespace distribution)."""

from django.urls import URLPattern

app_name = "distribution"
urlpatterns: list[URLPattern] = []
