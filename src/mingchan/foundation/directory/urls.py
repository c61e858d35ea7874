"""Addresses of the directory (namespace directory)."""

from django.urls import path

from mingchan.foundation.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.parties, name="parties"),
    path("new/", views.party_create, name="party_create"),
    path("<int:party_id>/", views.party, name="party"),
    path("<int:party_id>/correct/", views.party_correct, name="party_correct"),
    path("<int:party_id>/reveal/", views.party_reveal, name="party_reveal"),
    path("divisions/", views.divisions, name="divisions"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/new/", views.account_create, name="account_create"),
    path("accounts/<int:account_id>/", views.account, name="account"),
    path("accounts/<int:account_id>/act/", views.account_act, name="account_act"),
    path("accounts/<int:account_id>/person/", views.account_person, name="account_person"),
    path("accounts/<int:account_id>/grants/", views.grant_give, name="grant_give"),
    path("grants/<int:grant_id>/end/", views.grant_end, name="grant_end"),
    path("me/", views.me, name="me"),
]
