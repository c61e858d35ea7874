"""Addresses of labels (namespace labels). `s/` is what the QR code of a label leads to, so it is kept short."""

from django.urls import path

from mingchan.register.labels.views import listing, printing, scanning

app_name = "labels"
urlpatterns = [
    path("", listing.list_page, name="list"),
    path("missing/", listing.missing, name="missing"),
    path("batches/", listing.batches, name="batches"),
    path("batches/<int:batch_id>/", printing.print_batch, name="print_batch"),
    path("print/", printing.print_assets, name="print"),
    path("scan/", scanning.scan, name="scan"),
    path("s/<path:code>", scanning.open_code, name="open"),
    path("staff/<path:code>", scanning.staff, name="staff"),
    path("code/<slug:code>/", scanning.detail, name="detail"),
    path("code/<slug:code>/claim/", scanning.claim, name="claim"),
    path("code/<slug:code>/void/", scanning.void, name="void"),
    path("asset/<int:asset_id>/claim/", scanning.claim_for, name="claim_for"),
    path("asset/<int:asset_id>/change/", scanning.change, name="change"),
]
