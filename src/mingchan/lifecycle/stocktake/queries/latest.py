"""The latest count of each owner's assets (最近一次盘点), for register = ledger = count (3.4.1)."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.lifecycle.stocktake.choices import Decision, PlanState
from mingchan.lifecycle.stocktake.models import Difference, Line
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries.filtering import visible_to


class Counted(NamedTuple):
    """What the latest closed stocktakes say of one owner's cards that count today, in cards, thousandths and fen.

    `found_fen` is the cost of what was found, with what was found later, put right or taken up since; `booked_fen` what
    these cards cost when they were counted. `uncounted` are cards that no closed stocktake saw. `last_on` is the newest
    base date.
    """

    owner: int
    cards: int = 0
    found_milli: int = 0
    found_fen: int = 0
    booked_fen: int = 0
    uncounted: int = 0
    uncounted_fen: int = 0
    last_on: date | None = None


def latest_count(actor: Actor, owners: Collection[int] | None = None, *, on: date) -> dict[int, Counted]:
    """The latest count by owner, as of a day: four statements, however many assets. None for `owners`: all.

    Each card counts as the newest closed stocktake found it. Cards the actor may not see are left out. Serves 3.4.1.
    """
    seen = Asset.objects.filter(visible_to(actor), status="ACTIVE", owner__isnull=False)
    if owners is not None:
        seen = seen.filter(owner__in=one_of(list(owners), "bigint"))
    closed = Q(plan__county=actor.county, plan__state=PlanState.CLOSED, plan__ended_on__lte=on)
    later = Line.objects.filter(closed, asset=OuterRef("asset")).filter(
        Q(plan__base_on__gt=OuterRef("plan__base_on"))
        | Q(plan__base_on=OuterRef("plan__base_on"), plan__gt=OuterRef("plan"))
    )
    found: dict[int, Counted] = {}
    newest = Line.objects.filter(closed, ~Exists(later), asset__in=seen.values("pk")).order_by()
    sums = {
        "cards": Count("pk"), "milli": Sum("found_milli"), "fen": Sum("found_fen"), "booked": Sum("cost_fen"),
        "last": Max("plan__base_on"),
    }  # fmt: skip
    for owner, cards, milli, fen, booked, last in newest.values_list("asset__owner").annotate(**sums):
        found[owner] = Counted(owner, cards, milli or 0, fen or 0, booked, last_on=last)
    _add_beside(found, seen, closed)
    _add_settled(found, Difference.objects.filter(closed, ~Exists(later), asset__in=seen.values("pk")))
    return found


def _add_beside(found: dict[int, Counted], seen: QuerySet[Asset], closed: Q) -> None:
    """Cards on no closed list: those that a closed stocktake took up were found, the others weren't counted."""
    beside = seen.filter(~Exists(Line.objects.filter(closed, asset=OuterRef("pk")))).order_by()
    results = Difference.objects.filter(closed, decision=Decision.REGISTER).values_list("result", flat=True)
    taken = Q(pk__in=one_of([int(text.partition(":")[2]) for text in results], "bigint"))
    sums = {
        "cards": Count("pk", filter=taken), "milli": Sum("quantity_milli", filter=taken),
        "fen": Sum("cost_fen", filter=taken), "rest": Count("pk", filter=~taken),
        "rest_fen": Sum("cost_fen", filter=~taken),
    }  # fmt: skip
    for owner, cards, milli, fen, rest, rest_fen in beside.values_list("owner").annotate(**sums):
        known = found.get(owner, Counted(owner))
        found[owner] = known._replace(
            cards=known.cards + cards,
            found_milli=known.found_milli + (milli or 0),
            found_fen=known.found_fen + (fen or 0),
            booked_fen=known.booked_fen + (fen or 0),
            uncounted=rest,
            uncounted_fen=rest_fen or 0,
        )


def _add_settled(found: dict[int, Counted], differences: QuerySet[Difference]) -> None:
    """What was found after the count is there after all; a card whose quantity was put right is there as it now is."""
    rows = differences.filter(decision__in=(Decision.FOUND_LATER, Decision.QUANTITY)).order_by()
    columns = (
        "asset__owner", "decision", "booked_milli", "found_milli", "cost_fen", "asset__cost_fen",
        "asset__quantity_milli",
    )  # fmt: skip
    for owner, decision, booked, counted, cost, cost_now, milli_now in rows.values_list(*columns):
        known = found.get(owner)
        if known is None:
            continue
        was = cost if counted >= booked else cost * counted // booked
        is_later = decision == Decision.FOUND_LATER
        found[owner] = known._replace(
            found_milli=known.found_milli + ((booked if is_later else milli_now) - counted),
            found_fen=known.found_fen + ((cost if is_later else cost_now) - was),
        )
