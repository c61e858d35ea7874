"""What the verifier compares of stocktakes (3.4.1), and what their rows must say of each other."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

import orjson
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.protection import Disagreement, Protected
from mingchan.kernel.database import streamed
from mingchan.lifecycle.stocktake.models import Assignment, Difference, Event, Line, Member, Plan, Task

PLAN = Protected("stocktake", Plan)
MEMBER = Protected("stocktake_member", Member)
TASK = Protected("stocktake_task", Task, label=("place",))
ASSIGNMENT = Protected("stocktake_assignment", Assignment)
EVENT = Protected("stocktake_event", Event, label=("event_id",))
DIFFERENCE = Protected("stocktake_difference", Difference)
PROTECTED = (PLAN, MEMBER, TASK, ASSIGNMENT, EVENT, DIFFERENCE)

EXPECTED = (
    "asset_id", "task_id", "code", "name", "model", "unit", "quantity_milli", "cost_fen", "division_code", "site_id",
    "place", "condition", "serial_no", "owner_id", "keeper_id", "weight",
)  # fmt: skip
"""Columns of a line under the plan's digest of what should be there."""
FOUND = ("asset_id", "outcome", "found_milli", "found_fen")
"""Columns of a line under the plan's digest of what became of it."""


def digest(rows: Iterable[tuple[Any, ...]]) -> str:
    """The digest of rows in their order."""
    found = sha256()
    for row in rows:
        found.update(orjson.dumps(row))
        found.update(b"\n")
    return found.hexdigest()


def lines_digest(plan_id: int, names: tuple[str, ...]) -> str:
    """The digest of a plan's lines in the order of their assets, over the named columns: one statement."""
    rows = Line.objects.filter(plan=plan_id).order_by("asset_id").values_list(*names)
    with streamed(rows) as stream:
        return digest(stream)


def faults() -> Iterator[Disagreement]:
    """Plans whose lines aren't those that were approved, or whose results aren't those that were compared."""
    plans = Plan.objects.exclude(lines_digest="").order_by("pk")
    for key, expected, found in plans.values_list("pk", "lines_digest", "outcome_digest"):
        for field, known, names, words in (
            ("lines_digest", expected, EXPECTED, _("应盘清单与批准时的摘要不符")),
            ("outcome_digest", found, FOUND, _("盘点结果与核对时的摘要不符")),
        ):
            if known and (now := lines_digest(key, names)) != known:
                yield Disagreement(f"stocktake:{key}", field, known, now, words)
