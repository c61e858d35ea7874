"""Addresses of supervision (监督)."""

from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.ui.page import RIGHT
from mingchan.oversight.supervision import services as supervision
from mingchan.oversight.supervision.models import Finding, Sample, SampleLine
from mingchan.register.assets.models import Asset
from tests.architecture.addresses.complaints import complaint
from tests.architecture.url_table import ASKED_AGAIN, DAY, DONE, SHOWN, Row, Things

TOWN = frozenset({"town_keeper"})


def finding(_things: Things) -> dict[str, Any]:
    """A finding about the county's own things, which a township doesn't see."""
    found = Finding.objects.filter(check_code="inspection").order_by("pk").first()
    if found is None:
        found = supervision.raise_by_hand(
            "inspection", subject="asset:1", title="一件资产", text="现场与登记不符", division="140932000000",
            actor=directory.installer("140932"), on=DAY,
        )  # fmt: skip
    return {"finding_id": found.pk}


def sample(_things: Things) -> dict[str, Any]:
    """Two assets of the county drawn by lot."""
    found = Sample.objects.order_by("pk").first()
    if found is None:
        count = min(2, Asset.objects.filter(county="140932", status="ACTIVE").count())
        found = supervision.draw("抽查", "140932", count, actor=directory.installer("140932"), on=DAY)
    return {"sample_id": found.pk}


def _line(things: Things) -> dict[str, Any]:
    named = sample(things)
    line = SampleLine.objects.filter(sample=named["sample_id"]).order_by("pk").first()
    assert line is not None
    return {**named, "line_id": line.pk}


def _act(right: str) -> Row:
    return Row(RIGHT, right, {"POST": ASKED_AGAIN}, finding, scoped=True, hidden_from=TOWN)


ROWS: dict[str, Row] = {
    "supervision:list": Row(RIGHT, "finding.view", {"GET": SHOWN}),
    "supervision:export": Row(RIGHT, "finding.view", {"GET": SHOWN}),
    "supervision:run": Row(RIGHT, "finding.run", {"POST": DONE}),
    "supervision:overview": Row(RIGHT, "finding.view", {"GET": SHOWN}),
    "supervision:goals": Row(RIGHT, "finding.view", {"GET": SHOWN}),
    "supervision:places": Row(RIGHT, "finding.view", {"GET": SHOWN}),
    "supervision:checks": Row(RIGHT, "finding.view", {"GET": SHOWN}),
    "supervision:samples": Row(RIGHT, "finding.view", {"GET": SHOWN}),
    "supervision:draw": Row(RIGHT, "finding.inspect", {"GET": SHOWN, "POST": {422}}),
    "supervision:sample": Row(RIGHT, "finding.view", {"GET": SHOWN}, sample, scoped=True, hidden_from=TOWN),
    "supervision:inspect": Row(RIGHT, "finding.inspect", {"POST": DONE}, _line, scoped=True),
    "supervision:from_complaint": Row(
        RIGHT, "finding.review", {"POST": DONE}, complaint, scoped=True, hidden_from=TOWN
    ),
    "supervision:finding": Row(RIGHT, "finding.view", {"GET": SHOWN}, finding, scoped=True, hidden_from=TOWN),
    "supervision:report": _act("finding.rectify"),
    "supervision:review": _act("finding.review"),
    "supervision:assign": _act("finding.review"),
    "supervision:waive": _act("finding.rectify"),
}
