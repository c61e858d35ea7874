"""Events as the rules read them, and what they say (盘点结果): by plan, by place, by asset, in a few statements."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

import orjson
from django.db.models import Q, QuerySet

from mingchan.kernel.database import one_of
from mingchan.lifecycle.stocktake import rules
from mingchan.lifecycle.stocktake.choices import CHECK_KINDS
from mingchan.lifecycle.stocktake.models import Event, Line

_COLUMNS = ("event_id", "device", "seq", "account_id", "kind", "code", "data", "photos", "task_id")


def _seen(values: Iterable[tuple[Any, ...]]) -> list[rules.Seen]:
    return [
        rules.Seen(
            key, device, seq, account, kind, code, orjson.loads(data), tuple(photos.split()),
            "" if kind in CHECK_KINDS else str(task),
        )
        for key, device, seq, account, kind, code, data, photos, task in values
    ]  # fmt: skip


def events_of(plan_id: int, codes: Collection[str] | None = None) -> list[rules.Seen]:
    """The events of a plan; with `codes` those about these assets, and whatever cancels or has no card."""
    rows: QuerySet[Event] = Event.objects.filter(plan=plan_id)
    if codes is not None:
        rows = rows.filter(Q(code__in=one_of(codes)) | Q(kind__in=("undo", "surplus")))
    return _seen(rows.order_by("id").values_list(*_COLUMNS))


def booked_of(lines: QuerySet[Line]) -> dict[str, rules.Booked]:
    """What should be there, by number."""
    rows = lines.order_by().values_list("code", "quantity_milli", "task_id", "condition")
    return {code: rules.Booked(quantity, str(task), condition) for code, quantity, task, condition in rows}


def truth_of_codes(plan_id: int, codes: Collection[str]) -> rules.Truth:
    """What the events of a plan say of some of its assets: two statements."""
    lines = Line.objects.filter(plan=plan_id, code__in=one_of(codes))
    return rules.truth(events_of(plan_id, codes), booked_of(lines))


def truth_of_task(task_id: int) -> rules.Truth:
    """What the events of one place say: two statements."""
    events = _seen(Event.objects.filter(task=task_id).order_by("id").values_list(*_COLUMNS))
    return rules.truth(events, booked_of(Line.objects.filter(task=task_id)))


def truth_of_plan(plan_id: int) -> rules.Truth:
    """What all events of a plan say of everything: two statements."""
    return rules.truth(events_of(plan_id), booked_of(Line.objects.filter(plan=plan_id)))


class Signed(NamedTuple):
    """A signature on the spot: the place, the part, the name, and who took it down."""

    task_id: int
    role: str
    name: str
    by: str
    taken_on: date
    has_strokes: bool


def signatures(plan_id: int, task_id: int = 0) -> list[Signed]:
    """Signatures of a plan, or of one place, that weren't taken back: one statement."""
    rows = Event.objects.filter(plan=plan_id, kind__in=("signature", "undo"))
    if task_id:
        rows = rows.filter(task=task_id)
    kept = list(rows.order_by("id").values_list(*_COLUMNS, "account_name", "taken_on"))
    gone = rules.undone(rules.once(_seen(row[:-2] for row in kept)))
    found = []
    for row in kept:
        if row[4] == "signature" and row[0] not in gone:
            data = orjson.loads(row[6])
            found.append(Signed(row[8], data["role"], data["name"], row[9], row[10], bool(data.get("strokes"))))
    return found
