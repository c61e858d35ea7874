"""Addresses of stocktakes (namespace stocktake)."""

app_name = "stocktake"
urlpatterns: list = []
