"""Addresses of performance (namespace performance)."""

from django.urls import path

from mingchan.lifecycle.performance.views import evaluations, goals

app_name = "performance"
urlpatterns = [
    path("", evaluations.list_page, name="list"),
    path("commission/", evaluations.commission, name="commission"),
    path("goals/", goals.goals, name="goals"),
    path("goals/<int:contract_id>/<int:year>/", goals.goals_of, name="goals_of"),
    path("results/", goals.consequences, name="consequences"),
    path("rectifications/", goals.fixes, name="fixes"),
    path("rectifications/<int:fix_id>/", goals.fix, name="fix"),
    path("rectifications/<int:fix_id>/report/", goals.report, name="fix_report"),
    path("rectifications/<int:fix_id>/review/", goals.review, name="fix_review"),
    path("rectifications/<int:fix_id>/extend/", goals.extend, name="fix_extend"),
    path("<int:evaluation_id>/", evaluations.evaluation, name="evaluation"),
    path("<int:evaluation_id>/score/", evaluations.score, name="score"),
    path("<int:evaluation_id>/visit/", evaluations.visit, name="visit"),
    path("<int:evaluation_id>/submit/", evaluations.submit, name="submit"),
    path("<int:evaluation_id>/announce/", evaluations.announce, name="announce"),
    path("<int:evaluation_id>/return/", evaluations.give_back, name="return"),
    path("<int:evaluation_id>/cancel/", evaluations.cancel, name="cancel"),
    path("<int:evaluation_id>/appeal/", evaluations.appeal, name="appeal"),
    path("<int:evaluation_id>/answer/", evaluations.answer, name="answer"),
    path("<int:evaluation_id>/send/", evaluations.send, name="send"),
]
