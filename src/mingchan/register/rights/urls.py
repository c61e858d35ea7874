"""Addresses of rights (namespace rights)."""

from django.urls import path

from mingchan.register.rights.views import batches, certificates, checking, coverage, deciding, holders

app_name = "rights"
urlpatterns = [
    path("", coverage.coverage, name="coverage"),
    path("batches/", batches.batches, name="batches"),
    path("batches/new/", batches.propose, name="propose"),
    path("batches/<int:batch_id>/", batches.batch, name="batch"),
    path("batches/<int:batch_id>/change/", batches.change, name="change"),
    path("batches/<int:batch_id>/drop/", deciding.drop, name="drop"),
    path("batches/<int:batch_id>/submit/", deciding.submit, name="submit"),
    path("batches/<int:batch_id>/check/", deciding.check, name="check"),
    path("batches/<int:batch_id>/approve/", deciding.approve, name="approve"),
    path("batches/<int:batch_id>/return/", deciding.give_back, name="return"),
    path("batches/<int:batch_id>/withdraw/", deciding.withdraw, name="withdraw"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<int:certificate_id>/", certificates.certificate, name="certificate"),
    path("certificates/<int:certificate_id>/paper/", certificates.paper, name="certificate_paper"),
    path("holders/", holders.holders, name="holders"),
    path("holders/<int:party_id>/", holders.ledger, name="ledger"),
    path("holders/<int:party_id>/export/", holders.export, name="ledger_export"),
    path("verify/", checking.ask, name="ask"),
    path("verify/<int:year>/<int:number>/<slug:token>/", checking.answer, name="answer"),
]
