"""Addresses of workplan (namespace workplan)."""

from django.urls import URLPattern

app_name = "workplan"
urlpatterns: list[URLPattern] = []
