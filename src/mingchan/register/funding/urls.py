"""Addresses of project money (namespace funding)."""

from django.urls import path

from mingchan.register.funding.views import entering, money, projects, reconciling

app_name = "funding"
urlpatterns = [
    path("", money.overview, name="overview"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/revise/", projects.project_revise, name="project_revise"),
    path("projects/<int:pk>/lines/", projects.project_lines, name="project_lines"),
    path("projects/<int:pk>/stage/", projects.stage_create, name="stage_create"),
    path("appropriations/", money.appropriations, name="appropriations"),
    path("appropriations/new/", entering.appropriation_create, name="appropriation_create"),
    path("appropriations/<int:pk>/", money.appropriation, name="appropriation"),
    path("uses/", money.uses, name="uses"),
    path("uses/new/", entering.use_create, name="use_create"),
    path("uses/export.<str:form>", money.export, name="export"),
    path("uses/<int:pk>/", money.use, name="use"),
    path("reconciliation/", reconciling.reconciliation, name="reconciliation"),
]
