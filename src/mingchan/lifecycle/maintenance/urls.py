"""Addresses of inspections and repairs (namespace maintenance)."""

from django.urls import path

from mingchan.lifecycle.maintenance.views import planning, repairs, rounds, warranties

app_name = "maintenance"
urlpatterns = [
    path("", repairs.list_page, name="orders"),
    path("report/<int:asset_id>/", repairs.report, name="report"),
    path("<int:order_id>/", repairs.detail, name="order"),
    path("<int:order_id>/print/", repairs.printed, name="print"),
    path("<int:order_id>/<slug:act>/", repairs.act, name="act"),
    path("rounds/", rounds.list_page, name="rounds"),
    path("rounds/<int:round_id>/", rounds.detail, name="round"),
    path("rounds/<int:round_id>/found/", rounds.found, name="found"),
    path("rounds/<int:round_id>/look/<int:asset_id>/", rounds.look, name="look"),
    path("rounds/<int:round_id>/close/", rounds.close, name="close"),
    path("rounds/<int:round_id>/drop/", rounds.drop, name="drop"),
    path("plans/", planning.plans, name="plans"),
    path("plans/<int:rhythm_id>/stop/", planning.stop, name="stop"),
    path("warranties/", warranties.list_page, name="warranties"),
    path("warranties/new/<int:asset_id>/", warranties.new, name="warrant"),
    path("warranties/<int:warranty_id>/end/", warranties.end, name="end_warranty"),
]
