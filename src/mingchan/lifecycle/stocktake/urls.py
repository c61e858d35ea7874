"""Addresses of stocktakes (namespace stocktake)."""

from django.urls import path

from mingchan.lifecycle.stocktake.views import counting, papers, plans, settling

app_name = "stocktake"
urlpatterns = [
    path("", plans.list_page, name="list"),
    path("new/", plans.new, name="new"),
    path("mine/", counting.mine, name="mine"),
    path("tasks/<int:task_id>/", counting.sheet, name="sheet"),
    path("tasks/<int:task_id>/surplus/", counting.surplus, name="surplus"),
    path("tasks/<int:task_id>/finish/", counting.finish, name="finish"),
    path("tasks/<int:task_id>/sheet.pdf", papers.sheet_pdf, name="sheet_pdf"),
    path("tasks/<int:task_id>/sheet.xlsx", papers.sheet_xlsx, name="sheet_xlsx"),
    path("differences/<int:difference_id>/", settling.difference, name="difference"),
    path("differences/<int:difference_id>/explain/", settling.explain, name="explain"),
    path("differences/<int:difference_id>/settle/", settling.settle, name="settle"),
    path("differences/<int:difference_id>/decide/", settling.decide, name="decide"),
    path("differences/<int:difference_id>/recount/", settling.recount, name="recount"),
    path("<int:plan_id>/", plans.plan, name="plan"),
    path("<int:plan_id>/edit/", plans.edit, name="edit"),
    path("<int:plan_id>/approve/", plans.approve, name="approve"),
    path("<int:plan_id>/start/", plans.start, name="start"),
    path("<int:plan_id>/end/", plans.end, name="end"),
    path("<int:plan_id>/confirm/", plans.confirm, name="confirm"),
    path("<int:plan_id>/reopen/", plans.reopen, name="reopen"),
    path("<int:plan_id>/send/", plans.send, name="send"),
    path("<int:plan_id>/close/", plans.close, name="close"),
    path("<int:plan_id>/cancel/", plans.cancel, name="cancel"),
    path("<int:plan_id>/members/", plans.add_member, name="member"),
    path("<int:plan_id>/members/<int:member_id>/remove/", plans.remove_member, name="remove"),
    path("<int:plan_id>/assign/", plans.assign, name="assign"),
    path("<int:plan_id>/lines/", settling.lines, name="lines"),
    path("<int:plan_id>/differences/", settling.differences, name="differences"),
    path("<int:plan_id>/report.pdf", papers.report_pdf, name="report_pdf"),
    path("<int:plan_id>/report.xlsx", papers.report_xlsx, name="report_xlsx"),
]
