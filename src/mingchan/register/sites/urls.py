"""Addresses of sites (namespace sites)."""

from django.urls import path

from mingchan.register.sites.views import changing, listing, moving, showing

app_name = "sites"
urlpatterns = [
    path("", listing.list_page, name="list"),
    path("totals/", listing.totals, name="totals"),
    path("export/", listing.export, name="export"),
    path("new/", changing.create, name="create"),
    path("files/", changing.open_files, name="open_files"),
    path("move/", moving.move, name="move"),
    path("lots/", moving.lots, name="lots"),
    path("lots/<int:asset_id>/", moving.spread, name="spread"),
    path("<int:site_id>/", showing.site, name="site"),
    path("<int:site_id>/correct/", changing.correct, name="correct"),
    path("<int:site_id>/state/", changing.state, name="state"),
    path("<int:site_id>/holder/", changing.holder, name="holder"),
    path("<int:site_id>/standard/", changing.standard, name="standard"),
    path("<int:site_id>/merge/", changing.merge, name="merge"),
    path("<int:site_id>/photographs/", showing.attach, name="attach"),
]
