"""Addresses of revival (namespace revival)."""

from django.urls import path

from mingchan.lifecycle.revival.views import measures, pooling

app_name = "revival"
urlpatterns = [
    path("", pooling.pool, name="pool"),
    path("matching/", pooling.matching, name="matching"),
    path("measures/", measures.measures, name="measures"),
    path("propose/", measures.propose, name="propose"),
    path("effects/", measures.effects, name="effects"),
    path("<int:measure_id>/", measures.measure, name="measure"),
    path("<int:measure_id>/carry-out/", measures.carry_out, name="carry_out"),
    path("<int:measure_id>/settle/", measures.settle, name="settle"),
    path("<int:measure_id>/stop/", measures.stop, name="stop"),
    path("<int:measure_id>/review/<int:days>/", measures.review, name="review"),
]
