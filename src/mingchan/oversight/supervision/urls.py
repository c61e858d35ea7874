"""Addresses of supervision (namespace supervision)."""

from django.urls import path

from mingchan.oversight.supervision.views import handling, inspecting, lists, raising

app_name = "supervision"
urlpatterns = [
    path("", lists.list_page, name="list"),
    path("export/", lists.export, name="export"),
    path("run/", lists.run, name="run"),
    path("overview/", lists.overview, name="overview"),
    path("goals/", lists.goals, name="goals"),
    path("places/", lists.places, name="places"),
    path("checks/", lists.checks, name="checks"),
    path("samples/", inspecting.samples, name="samples"),
    path("samples/new/", inspecting.draw, name="draw"),
    path("samples/<int:sample_id>/", inspecting.sample, name="sample"),
    path("samples/<int:sample_id>/<int:line_id>/", inspecting.inspect, name="inspect"),
    path("complaints/<int:complaint_id>/", raising.from_complaint, name="from_complaint"),
    path("<int:finding_id>/", handling.finding, name="finding"),
    path("<int:finding_id>/report/", handling.report, name="report"),
    path("<int:finding_id>/review/", handling.review, name="review"),
    path("<int:finding_id>/assign/", handling.assign, name="assign"),
    path("<int:finding_id>/waive/", handling.waive, name="waive"),
]
