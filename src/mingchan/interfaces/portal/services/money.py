"""What was earned and how it was shared, place by place (公开的收益和分配), from income and distribution.

Income is what came in for holders of the income right (2.5a); distribution counts plans that were filed or carried out
(2.5b), each use with its amount, households as a number only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from mingchan.lifecycle.distribution.choices import PlanStatus
from mingchan.lifecycle.distribution.models import Plan, PlanLine
from mingchan.lifecycle.distribution.queries import trace
from mingchan.lifecycle.income.models import Entry
from mingchan.lifecycle.income.queries import received

YEARS = 6
"""So many years are shown, the present one among them."""
PUBLIC = (PlanStatus.FILED, PlanStatus.DONE)
HOUSEHOLDS = "HOUSEHOLDS"
_Above = Callable[[str], tuple[str, ...]]


class Money(NamedTuple):
    """By division: income as (year, holder, fen), distribution as (year, use, households, fen), newest first."""

    income: Mapping[str, list[list[Any]]]
    distribution: Mapping[str, list[list[Any]]]


def mark(county: str) -> tuple[Any, ...]:
    """What the figures rest on: the newest entry of income, and where the plans stand."""
    entry = Entry.objects.filter(county=county).order_by("-pk").values_list("pk", flat=True).first()
    plans = Plan.objects.filter(county=county).order_by("pk").values_list("pk", "status", "round")
    return (entry, tuple(plans))


def income(county: str, on: date, above: _Above, names_of: Callable[[Iterable[int]], Mapping[int, str]]) -> Any:
    """What came in for whom, counted in each division that the place lies in."""
    found: dict[str, dict[tuple[int, str], int]] = defaultdict(lambda: defaultdict(int))
    for year in range(on.year - YEARS + 1, on.year + 1):
        rows = received(county=county, period_start=date(year, 1, 1), last_day=date(year, 12, 31))
        names = names_of({row.holder_party_id for row in rows})
        for row in rows:
            for code in above(row.division_code):
                found[code][year, names.get(row.holder_party_id, "")] += row.fen
    return {
        code: [
            [year, holder, fen] for (year, holder), fen in sorted(sums.items(), key=lambda one: (-one[0][0], one[0]))
        ]
        for code, sums in found.items()
    }


def distribution(county: str, above: _Above) -> Any:
    """What filed plans gave to each use, in the plan's division and those above it; households' part in their villages.

    Of a wider plan a village sees what its own households get.
    """
    found: dict[str, dict[tuple[int, str], list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for plan in Plan.objects.filter(county=county, status__in=PUBLIC).order_by("pk"):
        year, own = plan.last_day.year, above(plan.division_code)
        villages = trace.villages(plan)
        lines = PlanLine.objects.filter(plan=plan, round=plan.round).order_by("pk").values_list("use", "fen")
        for use, fen in lines:
            for code in own:
                found[code][year, use][1] += fen
        for code in own:
            found[code][year, HOUSEHOLDS][0] += sum(row.households for row in villages)
        for row in villages:
            for code in above(row.division):
                if code not in own:
                    found[code][year, HOUSEHOLDS][0] += row.households
                    found[code][year, HOUSEHOLDS][1] += row.fen
    return {
        code: [
            [year, use, *sums] for (year, use), sums in sorted(uses.items(), key=lambda one: -one[0][0]) if any(sums)
        ]
        for code, uses in found.items()
    }


def money(
    county: str,
    on: date,
    shown: frozenset[str],
    above: _Above,
    names_of: Callable[[Iterable[int]], Mapping[int, str]],
) -> Money:
    """Both, as far as the county shows them."""
    return Money(
        income(county, on, above, names_of) if "income" in shown else {},
        distribution(county, above) if "distribution" in shown else {},
    )
