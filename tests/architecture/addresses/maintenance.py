"""Addresses of inspections and repairs (巡查维修)."""

from typing import Any

from mingchan.kernel.ui.page import RIGHT
from mingchan.lifecycle.maintenance import services as maintenance
from mingchan.lifecycle.maintenance.drafts import FaultDraft
from mingchan.lifecycle.maintenance.models import Order, Rhythm, Round, Warranty
from tests.architecture.url_table import ASKED_AGAIN, DAY, SHOWN, Row, Things

AWAY = frozenset({"village_keeper", "operator"})
"""Who holds the rights over another village or party than the county's centre."""


def rhythm(things: Things) -> dict[str, Any]:
    """The county's centre, inspected every month."""
    found = Rhythm.objects.filter(site=things.site(), ended_on__isnull=True).first()
    if found is None:
        [found] = maintenance.plan([things.site()], 30, DAY, actor=things.actor("bureau_clerk"), on=DAY)
    return {"rhythm_id": found.pk}


def round_of(things: Things) -> dict[str, Any]:
    """Its next round."""
    return {"round_id": Round.objects.get(rhythm=rhythm(things)["rhythm_id"], state="OPEN").pk}


def look(things: Things) -> dict[str, Any]:
    """One thing of it."""
    return {**round_of(things), "asset_id": things.asset().pk}


def asset(things: Things) -> dict[str, Any]:
    """The card."""
    return {"asset_id": things.asset().pk}


def order(things: Things) -> dict[str, Any]:
    """A fault of the card."""
    found = Order.objects.filter(asset=things.asset().pk).order_by("pk").first()
    if found is None:
        draft = FaultDraft("不能开机", "MAJOR")
        found = maintenance.report(things.asset().pk, draft, actor=things.actor("bureau_clerk"), on=DAY)
    return {"order_id": found.pk}


def assigned(things: Things) -> dict[str, Any]:
    """The act of giving it to somebody."""
    return {**order(things), "act": "assign"}


def warranty(things: Things) -> dict[str, Any]:
    """A warranty of the card."""
    found = Warranty.objects.order_by("pk").first()
    if found is None:
        found = maintenance.warrant(things.asset().pk, "供应商", DAY, DAY, actor=things.actor("bureau_clerk"), on=DAY)
    return {"warranty_id": found.pk}


def _row(right: str, answers: dict[str, set[int]], kwargs: Any) -> Row:
    return Row(RIGHT, f"maintenance.{right}", answers, kwargs, scoped=True, hidden_from=AWAY)


ROWS: dict[str, Row] = {
    "maintenance:orders": Row(RIGHT, "maintenance.view", {"GET": SHOWN}),
    "maintenance:rounds": Row(RIGHT, "maintenance.view", {"GET": SHOWN}),
    "maintenance:warranties": Row(RIGHT, "maintenance.view", {"GET": SHOWN}),
    "maintenance:plans": Row(RIGHT, "maintenance.plan", {"GET": SHOWN, "POST": {422}}),
    "maintenance:report": _row("inspect", {"GET": SHOWN, "POST": {422}}, asset),
    "maintenance:order": _row("view", {"GET": SHOWN}, order),
    "maintenance:print": _row("view", {"GET": SHOWN}, order),
    "maintenance:act": _row("order", {"POST": {422}}, assigned),
    "maintenance:round": _row("view", {"GET": SHOWN}, round_of),
    "maintenance:found": _row("inspect", {"POST": {422}}, round_of),
    "maintenance:look": _row("inspect", {"GET": SHOWN, "POST": {422, 302}}, look),
    "maintenance:close": _row("inspect", {"POST": ASKED_AGAIN}, round_of),
    "maintenance:drop": _row("plan", {"POST": {422}}, round_of),
    "maintenance:stop": _row("plan", {"POST": ASKED_AGAIN}, rhythm),
    "maintenance:warrant": _row("order", {"GET": SHOWN, "POST": {422}}, asset),
    "maintenance:end_warranty": _row("order", {"POST": ASKED_AGAIN}, warranty),
}
