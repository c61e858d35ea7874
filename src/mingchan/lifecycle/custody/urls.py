"""Addresses of custody (namespace custody)."""

from django.urls import path

from mingchan.lifecycle.custody.views import acts, pages

app_name = "custody"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("ledger/", pages.ledger, name="ledger"),
    path("export/", pages.export, name="export"),
    path("mine/", pages.mine, name="mine"),
    path("assign/", acts.assign, name="assign"),
    path("<int:party_id>/", pages.keeper, name="keeper"),
    path("<int:party_id>/letter/", pages.letter, name="letter"),
    path("<int:party_id>/renew/", acts.renew, name="renew"),
    path("<int:party_id>/end/", acts.end, name="end"),
    path("<int:party_id>/leave/", acts.leave, name="leave"),
    path("<int:party_id>/return/", acts.come_back, name="return"),
    path("<int:party_id>/one-sided/", acts.one_sided, name="one_sided"),
]
