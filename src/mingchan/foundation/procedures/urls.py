"""Addresses of procedures (namespace procedures)."""

from django.urls import path

from mingchan.foundation.procedures.views import acts, lists, showing

app_name = "procedures"
urlpatterns = [
    path("", lists.todo, name="todo"),
    path("done/", lists.done, name="done"),
    path("mine/", lists.mine, name="mine"),
    path("all/", lists.everything, name="all"),
    path("new/", acts.begin, name="begin"),
    path("<int:case_id>/", showing.case, name="case"),
    path("<int:case_id>/amend/", acts.amend, name="amend"),
    path("<int:case_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("<int:case_id>/papers/", acts.attach, name="attach"),
    path("tasks/<int:task_id>/decide/", acts.decide, name="decide"),
    path("procedures/", showing.procedures, name="procedures"),
    path("procedures/<str:code>/", showing.procedure, name="procedure"),
    path("procedures/<str:code>/file/", showing.download, name="file"),
    path("procedures/<str:code>/add/", acts.add_definition, name="add"),
    path("delegations/", acts.delegations, name="delegations"),
    path("delegations/<int:delegation_id>/end/", acts.end_delegation, name="end_delegation"),
    path("days/", acts.days, name="days"),
]
