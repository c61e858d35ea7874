"""Addresses of income (namespace income)."""

from django.urls import URLPattern

app_name = "income"
urlpatterns: list[URLPattern] = []
