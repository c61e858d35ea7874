"""Addresses of the books."""

from django.urls import path

from mingchan.foundation.ledger.views import acts, pages, papers

app_name = "ledger"
urlpatterns = [
    path("", pages.books, name="books"),
    path("balance/", pages.trial_balance, name="trial_balance"),
    path("balance.xlsx", pages.trial_balance_workbook, name="trial_balance_workbook"),
    path("balance.pdf", papers.trial_balance, name="trial_balance_paper"),
    path("accounts/<str:code>/", pages.account_by_book, name="account_by_book"),
    path("vouchers/", pages.vouchers, name="vouchers"),
    path("vouchers/<int:voucher_id>/", pages.voucher, name="voucher"),
    path("subjects/<str:ref>/", pages.subject, name="subject"),
    path("journal.txt", pages.journal, name="journal"),
    path("<int:book_id>/accounts/<str:code>/", pages.general_ledger, name="general_ledger"),
    path("<int:book_id>/accounts/<str:code>/lines/", pages.subsidiary_ledger, name="subsidiary_ledger"),
    path("<int:book_id>/accounts/<str:code>/ledger.<str:form>", papers.general_ledger, name="general_ledger_export"),
    path("<int:book_id>/accounts/<str:code>/lines.<str:form>", papers.subsidiary_ledger, name="lines_export"),
    path("<int:book_id>/periods/", pages.periods, name="periods"),
    path("<int:book_id>/closing/", pages.closing, name="closing"),
    path("<int:book_id>/carry/", acts.carry, name="carry"),
    path("<int:book_id>/close/", acts.close, name="close"),
    path("<int:book_id>/reopen/", acts.reopen, name="reopen"),
]
