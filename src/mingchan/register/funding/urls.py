"""Addresses of project money (namespace funding)."""

from django.urls import path

from mingchan.register.funding.views import money as views

app_name = "funding"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("appropriations/", views.appropriations, name="appropriations"),
    path("appropriations/<int:pk>/", views.appropriation, name="appropriation"),
    path("uses/", views.uses, name="uses"),
    path("uses/export.<str:form>", views.export, name="export"),
    path("uses/<int:pk>/", views.use, name="use"),
    path("reconciliation/", views.reconciliation, name="reconciliation"),
]
