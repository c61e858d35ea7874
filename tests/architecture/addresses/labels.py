"""Addresses of labels (标签)."""

from typing import Any

from mingchan.kernel.ui.page import PUBLIC, RIGHT
from mingchan.register.labels import services as labels
from mingchan.register.labels.models import Batch, Label, Link
from tests.architecture.url_table import ASKED_AGAIN, DAY, SHOWN, Row, Things

TOWN = frozenset({"village_keeper"})


def batch(things: Things) -> dict[str, Any]:
    """Labels printed ahead."""
    found = Batch.objects.filter(purpose="AHEAD").order_by("pk").first()
    made = found or labels.draw(3, actor=things.actor("bureau_clerk"), on=DAY)
    return {"batch_id": made.pk}


def free(things: Things) -> dict[str, Any]:
    """A label that nobody claimed."""
    label = Label.objects.filter(batch=batch(things)["batch_id"]).order_by("code").first()
    assert label is not None
    return {"code": label.code}


def linked(things: Things) -> dict[str, Any]:
    """The label of the card."""
    asset = things.asset().pk
    labels.for_assets([asset], actor=things.actor("bureau_clerk"), on=DAY)
    return {"code": Link.objects.get(asset=asset, valid_to__isnull=True).label.code}


def asset(things: Things) -> dict[str, Any]:
    """The card, with its label."""
    linked(things)
    return {"asset_id": things.asset().pk}


ROWS: dict[str, Row] = {
    "labels:list": Row(RIGHT, "asset.view", {"GET": SHOWN}),
    "labels:missing": Row(RIGHT, "asset.view", {"GET": SHOWN}),
    "labels:batches": Row(RIGHT, "label.print", {"GET": SHOWN, "POST": {422}}),
    "labels:print_batch": Row(RIGHT, "label.print", {"GET": SHOWN, "POST": {422}}, batch, scoped=True),
    "labels:print": Row(RIGHT, "label.print", {"GET": SHOWN, "POST": {422}}),
    "labels:scan": Row(RIGHT, "asset.view", {"GET": SHOWN, "POST": {422}}),
    "labels:open": Row(PUBLIC, "", {"GET": {302}}, free),
    "labels:staff": Row(RIGHT, "asset.view", {"GET": {302}}, free),
    "labels:detail": Row(RIGHT, "asset.view", {"GET": SHOWN}, free, scoped=True),
    "labels:claim": Row(RIGHT, "label.claim", {"POST": {422}}, free, scoped=True),
    "labels:void": Row(RIGHT, "label.print", {"POST": ASKED_AGAIN}, free, scoped=True),
    "labels:claim_for": Row(RIGHT, "label.claim", {"GET": SHOWN, "POST": {422}}, asset, scoped=True, hidden_from=TOWN),
    "labels:change": Row(RIGHT, "label.claim", {"GET": SHOWN, "POST": {422}}, asset, scoped=True, hidden_from=TOWN),
}
