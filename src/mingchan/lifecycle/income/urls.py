"""Addresses of income (namespace income)."""

from django.urls import path

from mingchan.lifecycle.income.views import acts, lists, papers, yearly

app_name = "income"
urlpatterns = [
    path("", lists.overview, name="overview"),
    path("receivables/", lists.receivable_list, name="receivables"),
    path("receivables/export/", papers.export_receivables, name="export_receivables"),
    path("receivables/issue/", acts.issue, name="issue"),
    path("receivables/<int:receivable_id>/", lists.receivable, name="receivable"),
    path("receivables/<int:receivable_id>/cancel/", acts.cancel, name="cancel"),
    path("receivables/<int:receivable_id>/ask/", acts.ask, name="ask"),
    path("receivables/<int:receivable_id>/return/", acts.return_deposit, name="return_deposit"),
    path("receipts/", lists.receipt_list, name="receipts"),
    path("receipts/export/", papers.export_receipts, name="export_receipts"),
    path("receipts/new/", acts.receive, name="receive"),
    path("receipts/<int:receipt_id>/", lists.receipt, name="receipt"),
    path("receipts/<int:receipt_id>/use/", acts.use_credit, name="use_credit"),
    path("receipts/<int:receipt_id>/refund/", acts.refund, name="refund"),
    path("receipts/<int:receipt_id>/return/", acts.return_payment, name="return_payment"),
    path("statement/", acts.statement, name="statement"),
    path("statement/<int:line_id>/claim/", acts.claim, name="claim"),
    path("statement/<int:line_id>/aside/", acts.set_aside, name="set_aside"),
    path("arrears/", lists.arrears, name="arrears"),
    path("reminders/", lists.reminder_list, name="reminders"),
    path("reminders/new/", acts.remind, name="remind"),
    path("reminders/<int:reminder_id>/", papers.reminder, name="reminder"),
    path("reminders/<int:reminder_id>/deliver/", acts.deliver, name="deliver"),
    path("remittances/", lists.remittance_list, name="remittances"),
    path("remittances/new/", acts.remit, name="remit"),
    path("settlements/", yearly.settlement_list, name="settlements"),
    path("settlements/<int:year>/", yearly.settlement, name="settlement"),
    path("settlements/<int:year>/prepare/", yearly.prepare, name="prepare"),
    path("settlements/<int:year>/confirm/", yearly.confirm, name="confirm"),
    path("settlements/<int:year>/countersign/", yearly.countersign, name="countersign"),
    path("settlements/<int:year>/back/", yearly.send_back, name="send_back"),
    path("reconciliation/", yearly.reconciliation, name="reconciliation"),
    path("yields/", yearly.yields, name="yields"),
]
