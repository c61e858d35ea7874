"""Rows of labels (标签)."""

from datetime import UTC, datetime

from mingchan.register.labels import services as labels
from mingchan.register.labels.choices import Cause, Way
from mingchan.register.labels.drafts import ScanDraft
from mingchan.register.labels.models import Label
from tests.architecture.addresses.labels import asset, batch
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """A label taken off and another in its place, one made void, one scanned."""
    clerk = things.actor("bureau_clerk")
    key = asset(things)["asset_id"]
    codes = list(Label.objects.filter(batch=batch(things)["batch_id"]).order_by("code").values_list("code", flat=True))
    labels.relink(key, codes[0], Cause.SPOILT, reason="破损", actor=clerk, on=DAY)
    labels.void(codes[1], Cause.LOST, actor=clerk, on=DAY)
    moment = datetime(DAY.year, DAY.month, DAY.day, 2, tzinfo=UTC)
    labels.note_scans([ScanDraft(codes[0], moment, Way.PHONE, 39_436_300, 111_500_800)], actor=clerk, on=DAY)
