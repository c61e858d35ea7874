"""The latest count of each owner's assets (最近一次盘点), for register = ledger = count (3.4.1)."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel import counts
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.lifecycle.stocktake.choices import Decision, PlanState
from mingchan.lifecycle.stocktake.models import Difference, Line
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries.filtering import visible_to

MOST = 50
"""So many differences are listed."""


class Counted(NamedTuple):
    """What the latest closed stocktakes say of an owner's or a class's cards that count today: cards, thousandths, fen.

    `found_fen` is the cost of what was found, with what was found later, put right or taken up since; `booked_fen` what
    these cards cost when they were counted. `uncounted` are cards that no closed stocktake saw. `last_on` is the newest
    base date.
    """

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
    return _counted(_seen(actor, owners), _closed(actor, on), "owner")


def latest(actor: Actor, owner_id: int | None, on: date) -> counts.Count | None:
    """The latest count by class of the books, of one owner or of all, for whoever compares with it; None without one.

    The first of the cards that no closed stocktake saw stand as differences. Serves 3.4.1.
    """
    seen, closed = _seen(actor, None if owner_id is None else [owner_id]), _closed(actor, on)
    found = _counted(seen, closed, "six_class")
    day = max((one.last_on for one in found.values() if one.last_on), default=None)
    if day is None:
        return None
    unseen = seen.filter(_unseen(closed)).order_by("pk").values_list("pk", "name", "cost_fen")[:MOST]
    return counts.Count(
        day=day,
        title=_("最近一次清查盘点"),
        url=reverse("stocktake:list"),
        fen={key: one.found_fen for key, one in found.items()},
        pieces={key: one.cards for key, one in found.items()},
        differences=[
            counts.Difference(key, name, fen, 0, _("还没有盘点"), reverse("assets:card", args=[key]))
            for key, name, fen in unseen
        ],
        difference_count=sum(one.uncounted for one in found.values()),
    )


def _seen(actor: Actor, owners: Collection[int] | None) -> QuerySet[Asset]:
    seen = Asset.objects.filter(visible_to(actor), status="ACTIVE", owner__isnull=False)
    return seen if owners is None else seen.filter(owner__in=one_of(list(owners), "bigint"))


def _closed(actor: Actor, on: date) -> Q:
    return Q(plan__county=actor.county, plan__state=PlanState.CLOSED, plan__ended_on__lte=on)


def _unseen(closed: Q) -> Q:
    """Cards on no closed list that no closed stocktake took up."""
    return Q(~Exists(Line.objects.filter(closed, asset=OuterRef("pk")))) & ~_taken_up(closed)


def _taken_up(closed: Q) -> Q:
    results = Difference.objects.filter(closed, decision=Decision.REGISTER).values_list("result", flat=True)
    return Q(pk__in=one_of([int(text.partition(":")[2]) for text in results], "bigint"))


def _counted(seen: QuerySet[Asset], closed: Q, by: str) -> dict[Any, Counted]:
    """The latest count of these cards by a column of theirs: four statements."""
    later = Line.objects.filter(closed, asset=OuterRef("asset")).filter(
        Q(plan__base_on__gt=OuterRef("plan__base_on"))
        | Q(plan__base_on=OuterRef("plan__base_on"), plan__gt=OuterRef("plan"))
    )
    found: dict[Any, Counted] = {}
    newest = Line.objects.filter(closed, ~Exists(later), asset__in=seen.values("pk")).order_by()
    sums = {
        "cards": Count("pk"), "milli": Sum("found_milli"), "fen": Sum("found_fen"), "booked": Sum("cost_fen"),
        "last": Max("plan__base_on"),
    }  # fmt: skip
    for key, cards, milli, fen, booked, last in newest.values_list(f"asset__{by}").annotate(**sums):
        found[key] = Counted(cards, milli or 0, fen or 0, booked, last_on=last)
    _add_beside(found, seen, closed, by)
    _add_settled(found, Difference.objects.filter(closed, ~Exists(later), asset__in=seen.values("pk")), by)
    return found


def _add_beside(found: dict[Any, Counted], seen: QuerySet[Asset], closed: Q, by: str) -> None:
    """Cards on no closed list: those that a closed stocktake took up were found, the others weren't counted."""
    beside = seen.filter(~Exists(Line.objects.filter(closed, asset=OuterRef("pk")))).order_by()
    taken = _taken_up(closed)
    sums = {
        "cards": Count("pk", filter=taken), "milli": Sum("quantity_milli", filter=taken),
        "fen": Sum("cost_fen", filter=taken), "rest": Count("pk", filter=~taken),
        "rest_fen": Sum("cost_fen", filter=~taken),
    }  # fmt: skip
    for key, cards, milli, fen, rest, rest_fen in beside.values_list(by).annotate(**sums):
        known = found.get(key, Counted())
        found[key] = known._replace(
            cards=known.cards + cards,
            found_milli=known.found_milli + (milli or 0),
            found_fen=known.found_fen + (fen or 0),
            booked_fen=known.booked_fen + (fen or 0),
            uncounted=rest,
            uncounted_fen=rest_fen or 0,
        )


def _add_settled(found: dict[Any, Counted], differences: QuerySet[Difference], by: str) -> None:
    """What was found after the count is there after all; a card whose quantity was put right is there as it now is."""
    rows = differences.filter(decision__in=(Decision.FOUND_LATER, Decision.QUANTITY)).order_by()
    columns = (
        f"asset__{by}", "decision", "booked_milli", "found_milli", "cost_fen", "asset__cost_fen",
        "asset__quantity_milli",
    )  # fmt: skip
    for key, decision, booked, counted, cost, cost_now, milli_now in rows.values_list(*columns):
        known = found.get(key)
        if known is None:
            continue
        was = cost if counted >= booked else cost * counted // booked
        is_later = decision == Decision.FOUND_LATER
        found[key] = known._replace(
            found_milli=known.found_milli + ((booked if is_later else milli_now) - counted),
            found_fen=known.found_fen + ((cost if is_later else cost_now) - was),
        )
