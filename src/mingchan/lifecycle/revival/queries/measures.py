"""Measures as a list and one by one (盘活措施), with what they go through."""

from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.revival import permissions
from mingchan.lifecycle.revival.choices import Kind, State
from mingchan.lifecycle.revival.models import Measure, Part, Review, Step

PAGE = 50
ASSETS_SHOWN = 100


def visible(actor: Actor) -> "QuerySet[Measure]":
    """Measures within the actor's reach."""
    return Measure.objects.filter(permissions.reach(actor), county=actor.county)


class MeasureRow(NamedTuple):
    """A measure in a list, with how many assets it is about and what they cost in fen."""

    measure: Measure
    cards: int
    cost_fen: int


def page(actor: Actor, *, state: str = "", kind: str = "", after: str = "") -> tuple[list[MeasureRow], str]:
    """Measures, the newest first, and where the next page begins: two statements."""
    rows = visible(actor).select_related("party", "site")
    if state in State.values:
        rows = rows.filter(state=state)
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    following = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    counted = _counted([row.pk for row in found[:PAGE]])
    return [MeasureRow(row, *counted.get(row.pk, (0, 0))) for row in found[:PAGE]], following


def _counted(keys: list[int]) -> dict[int, tuple[int, int]]:
    rows = Part.objects.filter(measure__in=keys).order_by().values_list("measure_id")
    summed = rows.annotate(n=Count("pk"), cost=Coalesce(Sum("asset__cost_fen"), 0))
    return {key: (int(n), int(cost)) for key, n, cost in summed}


def by_state(actor: Actor) -> dict[str, int]:
    """How many measures there are in each state: one statement."""
    return dict(visible(actor).order_by().values_list("state").annotate(n=Count("pk")))


def measure(measure_id: int, actor: Actor) -> Measure:
    """One measure. Raises NotFound where the actor sees none."""
    found = visible(actor).filter(pk=measure_id).select_related("party", "site", "case").first()
    if found is None:
        raise NotFound(_("没有这项盘活措施"))
    return found


def size(measure: Measure) -> tuple[int, int]:
    """How many assets a measure is about, and their cost in fen."""
    return _counted([measure.pk]).get(measure.pk, (0, 0))


def parts(measure: Measure) -> "QuerySet[Part]":
    """The assets of a measure, in the order of their numbers."""
    return (
        Part.objects.filter(measure=measure)
        .select_related("asset__site", "asset__user", "asset__operator")
        .order_by("asset_id")
    )


def steps(measure: Measure) -> list[Step]:
    """What the measure goes through, in order."""
    return list(Step.objects.filter(measure=measure).order_by("pk"))


def reviews(measure: Measure) -> dict[int, Review]:
    """The reviews of a measure by days."""
    return {row.days: row for row in Review.objects.filter(measure=measure)}


def of_case(case: Case) -> Measure | None:
    """The measure that a case is about."""
    return Measure.objects.select_related("party", "site").filter(case=case).first()


def of_asset(asset: int, actor: Actor) -> list[Measure]:
    """Measures that an asset was in, newest first."""
    rows = visible(actor).filter(parts__asset=asset).select_related("party", "site")
    return list(rows.order_by("-pk"))
