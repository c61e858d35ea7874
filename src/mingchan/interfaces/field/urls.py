"""Addresses of the field (外业). The phone's program lives at the root; its service worker reaches no further."""

from django.urls import path

from mingchan.interfaces.field import views

app_name = "field"
_ERRAND = "<slug:kind>/<slug:key>"
urlpatterns = [
    path("", views.program, name="program"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("decoder.js", views.decoder, name="decoder"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("enter/", views.enter, name="enter"),
    path("state/", views.state, name="state"),
    path("contact/", views.contact, name="contact"),
    path(f"capsules/{_ERRAND}/", views.capsule, name="capsule"),
    path(f"events/{_ERRAND}/", views.events, name="events"),
    path(f"photos/{_ERRAND}/<slug:digest>/", views.photo, name="photo"),
    path("errands/", views.errands, name="errands"),
    path(f"errands/{_ERRAND}/file/", views.capsule_file, name="capsule_file"),
    path("results/", views.results, name="results"),
    path("devices/", views.devices, name="devices"),
    path("arrivals/", views.arrivals, name="arrivals"),
]
