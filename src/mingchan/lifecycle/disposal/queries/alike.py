"""Like things that one unit proposed shortly before (同类资产分次处置), so that no split stays below a limit."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import queries as procedures
from mingchan.lifecycle.disposal import rules
from mingchan.lifecycle.disposal.choices import OVER, State
from mingchan.lifecycle.disposal.models import Disposal, Item

TABLE = "disposal_level"


class Alike(NamedTuple):
    """What the rule says of a proposal: whether it looks split, the sum that counts, and the other proposals."""

    suspected: bool
    sum_fen: int
    others: list[Disposal]


def level(kind: str, sum_fen: int, county: str = "", on: date | None = None) -> str:
    """Who decides on a disposal of the kind and sum (COUNTY or MEETING): by the table in force in a county on a day,
    without one by the pack's own."""
    return procedures.decided(TABLE, {"kind": kind, "sum_fen": sum_fen}, county, on)


def look(found: Disposal, value_fen: int, on: date) -> Alike:
    """Compare a proposal with those of its unit in the days before that hold like things.

    Alike are things of one class, and where a card has no class, things of one name.
    """
    days = policy.figure("disposal.split_days")
    others = _others(found, on - timedelta(days=days), on)
    facts = [
        rules.Other(one.pk, one.cost_fen or one.amount_fen, one.submitted_on) for one in others if one.submitted_on
    ]
    suspected, total = rules.split_suspected(
        value_fen, facts, lambda fen: level(found.kind, fen, found.county, on), on, days
    )
    return Alike(suspected, total, others)


def others_of(found: Disposal) -> list[Disposal]:
    """The like proposals that counted when a disposal went out."""
    if found.submitted_on is None:
        return []
    days = policy.figure("disposal.split_days")
    return _others(found, found.submitted_on - timedelta(days=days), found.submitted_on)


def _others(found: Disposal, since: date, until: date) -> list[Disposal]:
    near = Disposal.objects.filter(
        county=found.county, office=found.office_id, kind=found.kind, submitted_on__gte=since, submitted_on__lte=until
    ).exclude(pk=found.pk)
    near = near.exclude(state__in=(*OVER, State.DRAFT))
    if found.kind == "MONETARY":
        return [one for one in near.order_by("pk") if one.debtor == found.debtor and one.loss == found.loss]
    mine = _marks(Item.objects.filter(disposal=found).values_list("class_code", "name"))
    near_ids = list(near.values_list("pk", flat=True))
    rows = Item.objects.filter(disposal__in=near_ids).values_list("disposal_id", "class_code", "name").distinct()
    alike = {key for key, *mark in rows if _marks([(mark[0], mark[1])]) & mine}
    return list(near.filter(pk__in=alike).order_by("pk"))


def _marks(rows: Iterable[tuple[str, str]]) -> set[str]:
    return {class_code or name for class_code, name in rows}
