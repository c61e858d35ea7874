"""Addresses of operation (namespace operation)."""

from django.urls import path

from mingchan.lifecycle.operation.views import changing, drafting, living, pages, reporting, risk, texts

app_name = "operation"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("terms/", pages.terms, name="terms"),
    path("export/", texts.export, name="export"),
    path("mine/", pages.mine, name="mine"),
    path("new/", drafting.create, name="create"),
    path("changes/", changing.changes, name="changes"),
    path("changes/new/", changing.propose, name="propose"),
    path("changes/<int:change_id>/", changing.change, name="change"),
    path("changes/<int:change_id>/carry/", changing.carry_out, name="carry_out"),
    path("reports/<int:report_id>/answer/", reporting.answer, name="answer"),
    path("insurance/<int:insurance_id>/end/", risk.end_insurance, name="end_insurance"),
    path("insurance/<int:insurance_id>/claim/", risk.claim, name="claim"),
    path("claims/<int:claim_id>/close/", risk.close_claim, name="close_claim"),
    path("<int:contract_id>/", pages.contract, name="contract"),
    path("<int:contract_id>/edit/", drafting.edit, name="edit"),
    path("<int:contract_id>/assets/", drafting.assets, name="assets"),
    path("<int:contract_id>/submit/", drafting.submit, name="submit"),
    path("<int:contract_id>/drop/", drafting.drop, name="drop"),
    path("<int:contract_id>/amend/", drafting.amend, name="amend"),
    path("<int:contract_id>/renew/", drafting.renew, name="renew"),
    path("<int:contract_id>/sign/", living.sign, name="sign"),
    path("<int:contract_id>/begin/", living.begin, name="begin"),
    path("<int:contract_id>/end/", living.end, name="end"),
    path("<int:contract_id>/returns/", living.returns, name="returns"),
    path("<int:contract_id>/report/", reporting.report, name="report"),
    path("<int:contract_id>/insure/", risk.insure, name="insure"),
    path("<int:contract_id>/paper/", texts.paper, name="paper"),
    path("<int:contract_id>/word/", texts.word, name="word"),
    path("<int:contract_id>/signed/<int:number>/", texts.signed, name="signed"),
]
