"""Addresses of the library of institutions (namespace institutions)."""

from django.urls import path

from mingchan.foundation.institutions import views

app_name = "institutions"
urlpatterns = [
    path("", views.list_page, name="list"),
    path("new/", views.create, name="create"),
    path("<int:document_id>/", views.detail, name="detail"),
    path("<int:document_id>/issue/", views.issue, name="issue"),
    path("versions/<int:version_id>/read/", views.read, name="read"),
]
