"""Addresses of depreciation."""

from django.urls import path

from mingchan.register.depreciation.views import acts, pages, statements

app_name = "depreciation"
urlpatterns = [
    path("", pages.runs, name="runs"),
    path("books/<int:book_id>/", acts.prepare, name="prepare"),
    path("runs/<int:run_id>/", pages.run, name="run"),
    path("runs/<int:run_id>/reverse/", acts.reverse_run, name="reverse"),
    path("table/", statements.table, name="table"),
    path("table.xlsx", statements.table_workbook, name="table_workbook"),
    path("table.pdf", statements.table_paper, name="table_paper"),
    path("reconciliation/", pages.reconciliation, name="reconciliation"),
]
