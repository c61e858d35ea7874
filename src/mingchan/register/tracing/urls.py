"""Addresses of tracing (namespace tracing)."""

from django.urls import path

from mingchan.register.tracing.views import differences, linking

app_name = "tracing"
urlpatterns = [
    path("payments/", differences.payments, name="payments"),
    path("cards/", differences.cards, name="cards"),
    path("flow/", differences.flow, name="flow"),
    path("reconciliation.xlsx", differences.export, name="export"),
    path("proposals/", linking.proposals, name="proposals"),
    path("uses/<int:pk>/link/", linking.link, name="link"),
    path("shares/<int:pk>/unlink/", linking.unlink, name="unlink"),
]
