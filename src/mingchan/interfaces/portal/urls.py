"""Addresses of the portal (namespace portal)."""

from django.urls import path

from mingchan.interfaces.portal.views import notices, places, reading, speaking

app_name = "portal"
urlpatterns = [
    path("", places.home, name="home"),
    path("p/<slug:code>/", places.place, name="place"),
    path("search/", places.search, name="search"),
    path("a/", places.labels, name="labels"),
    path("a/<path:code>", places.label, name="label"),
    path("notices/", notices.list_page, name="notices"),
    path("notices/<slug:slug>/", notices.one, name="notice"),
    path("notices/<slug:slug>/object/", speaking.object_to, name="object"),
    path("answers/", notices.answers, name="answers"),
    path("report/", speaking.report, name="report"),
    path("follow/", speaking.follow, name="follow"),
    path("plan/", reading.plan, name="plan"),
    path("phones/", reading.phones, name="phones"),
    path("certificate/", reading.certificate, name="certificate"),
    path("language/<slug:code>/", reading.language, name="language"),
    path("<path:rest>", reading.lost, name="lost"),
]
