"""Addresses of procedures (namespace procedures)."""

from django.urls import path

from mingchan.foundation.procedures.views import acts, lists, showing, tabling, telling

app_name = "procedures"
urlpatterns = [
    path("", lists.todo, name="todo"),
    path("done/", lists.done, name="done"),
    path("mine/", lists.mine, name="mine"),
    path("all/", lists.everything, name="all"),
    path("copies/", telling.copies, name="copies"),
    path("copies/<int:copy_id>/read/", telling.read_copy, name="read_copy"),
    path("escalated/", telling.escalated, name="escalated"),
    path("messages/", telling.told, name="messages"),
    path("messages/seen/", telling.see_all, name="see_all"),
    path("messages/<int:message_id>/", telling.see, name="see"),
    path("new/", acts.begin, name="begin"),
    path("<int:case_id>/", showing.case, name="case"),
    path("<int:case_id>/amend/", acts.amend, name="amend"),
    path("<int:case_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("<int:case_id>/papers/", acts.attach, name="attach"),
    path("<int:case_id>/copy/", telling.copy, name="copy"),
    path("tasks/<int:task_id>/urge/", telling.urge, name="urge"),
    path("tasks/<int:task_id>/decide/", acts.decide, name="decide"),
    path("procedures/", showing.procedures, name="procedures"),
    path("procedures/<str:code>/", showing.procedure, name="procedure"),
    path("procedures/<str:code>/file/", showing.download, name="file"),
    path("procedures/<str:code>/add/", acts.add_definition, name="add"),
    path("tables/", tabling.tables, name="tables"),
    path("tables/new/", tabling.new_table, name="new_table"),
    path("tables/<str:code>/", tabling.table, name="table"),
    path("tables/<str:code>/add/", tabling.add_table, name="add_table"),
    path("delegations/", acts.delegations, name="delegations"),
    path("delegations/<int:delegation_id>/end/", acts.end_delegation, name="end_delegation"),
    path("days/", acts.days, name="days"),
]
