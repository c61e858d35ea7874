"""Addresses of the register (namespace assets)."""

from django.urls import path

from mingchan.register.assets.views import cards, changing, exporting, ledgers, listing, printing

app_name = "assets"
urlpatterns = [
    path("", listing.list_page, name="list"),
    path("totals/", listing.totals, name="totals"),
    path("export/", exporting.export, name="export"),
    path("ledger/", ledgers.ledger, name="ledger"),
    path("new/", changing.create, name="create"),
    path("bulk/", changing.bulk, name="bulk"),
    path("print/", printing.print_cards, name="print"),
    path("<int:asset_id>/", cards.card, name="card"),
    path("<int:asset_id>/correct/", changing.correct, name="correct"),
    path("<int:asset_id>/split/", changing.split, name="split"),
    path("<int:asset_id>/papers/", cards.attach, name="attach"),
]
