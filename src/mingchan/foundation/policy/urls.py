"""Addresses of the policy (namespace policy)."""

from django.urls import path

from mingchan.foundation.policy import views

app_name = "policy"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("<str:clause_id>/", views.clause, name="clause"),
]
