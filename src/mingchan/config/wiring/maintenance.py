"""Connections of maintenance (巡查维修)."""

from django.urls import reverse

from mingchan.foundation.evidence.protection import Protected
from mingchan.kernel import fieldwork, links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, sections
from mingchan.lifecycle.maintenance import cards, events, provider, queries
from mingchan.lifecycle.maintenance import sections as maintenance_sections
from mingchan.lifecycle.maintenance.models import Order, Round, Warranty
from mingchan.register.assets import events as asset_events
from mingchan.register.assets.queries import summing

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {
    "maintenance.OrderSeries": "the last number given; numbers themselves stand in the repairs and are unique",
}
LEFT_OUT: dict[str, str] = {
    "maintenance.Line.id": "the row's own number means nothing; a result is known by its round and asset",
    "maintenance.Step.id": "the row's own number means nothing; steps stand in their order in the repair",
}


def _order(ref: Ref) -> Link | None:
    number = Order.objects.filter(pk=ref.id).values_list("number", flat=True).first()
    return Link(number, reverse("maintenance:order", args=[ref.id])) if number else None


def _round(ref: Ref) -> Link | None:
    found = Round.objects.filter(pk=ref.id).values_list("site__name", "number").first()
    return Link(f"{found[0]}-{found[1]}", reverse("maintenance:round", args=[ref.id])) if found else None


def _warranty(ref: Ref) -> Link | None:
    found = Warranty.objects.filter(pk=ref.id).values_list("provider", flat=True).first()
    return Link(found, reverse("maintenance:warranties")) if found else None


def connect() -> None:
    """Make them."""
    links.register("maintenance_order", _order)
    links.register("inspection_round", _round)
    links.register("warranty", _warranty)
    sections.register("asset", maintenance_sections.OF_ASSET)
    desk.register("maintenance", cards.of_maintenance, order=30)
    fieldwork.register(provider.InspectionRounds())
    summing.changed_by(events.STATE_FOUND, asset_events.IMPROVED)
