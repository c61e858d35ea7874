"""What measures brought (盘活成效): use, income and performance of their assets before and after, span by span."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.lifecycle.income.choices import PAID, POOL_KINDS
from mingchan.lifecycle.income.models import Entry
from mingchan.lifecycle.operation.models import Covered
from mingchan.lifecycle.performance.choices import State as EvaluationState
from mingchan.lifecycle.performance.models import Evaluation
from mingchan.lifecycle.revival import permissions, rules
from mingchan.lifecycle.revival.choices import REVIEWS, State
from mingchan.lifecycle.revival.drafts import Effect
from mingchan.lifecycle.revival.models import Measure, Review
from mingchan.register.assets.models import Asset, FormerCard

PAGE = 30


def compared(asset_ids: Sequence[int], done_on: date, days: int) -> tuple[Effect, Effect]:
    """The assets' figures over so many days before a measure took effect, and over as many from it on.

    Use is that of the day before it, and of the last day of the span, as the cards then said; income is what came in
    for rent and shares of the assets' contracts, spread over each contract's assets by original value; points are of
    the newest evaluation confirmed by then.
    """
    before, after = rules.spans(done_on, days)
    return of_span(asset_ids, *before), of_span(asset_ids, *after)


def of_span(asset_ids: Sequence[int], first: date, last: date) -> Effect:
    """The assets' figures over a span: a handful of statements."""
    cards, used = _use(asset_ids, last)
    contracts = _contracts(asset_ids, first, last)
    return Effect(cards, used, _income(asset_ids, contracts, first, last), _points(contracts, last))


def _use(asset_ids: Sequence[int], day: date) -> tuple[int, int]:
    """How many of the cards there were on a day, and how many were in use."""
    words = [word for word, condition in policy.conditions().items() if condition.counts_as == "in_use"]
    chosen = one_of(asset_ids, "bigint")
    former = FormerCard.objects.filter(asset__in=chosen, state_since__lte=day, left_on__gt=day).order_by("asset_id")
    were = dict(former.values_list("asset_id", "condition"))
    now = Asset.objects.filter(pk__in=chosen, state_since__lte=day).values_list("pk", "condition")
    were |= {key: condition for key, condition in now if key not in were}
    return len(were), sum(condition in words for condition in were.values())


def _contracts(asset_ids: Sequence[int], first: date, last: date) -> list[int]:
    rows = Covered.objects.filter(
        asset__in=one_of(asset_ids, "bigint"), is_let=True, starts_on__lte=last, last_day__gte=first
    )
    return sorted(set(rows.order_by().values_list("contract_id", flat=True)))


def _income(asset_ids: Sequence[int], contracts: Sequence[int], first: date, last: date) -> int:
    """What came in for the contracts in the span, as far as it falls to the assets."""
    if not contracts:
        return 0
    wanted = set(asset_ids)
    rows = Entry.objects.filter(
        day__gte=first, day__lte=last, kind__in=PAID, receivable__kind__in=POOL_KINDS,
        receivable__contract__in=list(contracts),
    )  # fmt: skip
    received = dict(rows.order_by().values_list("receivable__contract_id").annotate(whole=Sum("fen")))
    covered = Covered.objects.filter(contract__in=list(received), is_let=True).order_by("contract_id", "asset_id")
    weights: dict[int, list[tuple[int, int]]] = {}
    for contract, asset, cost in covered.values_list("contract_id", "asset_id", "asset__cost_fen"):
        weights.setdefault(contract, []).append((asset, cost))
    whole = 0
    for contract, fen in received.items():
        of = weights[contract]
        costs = [cost for _asset, cost in of]
        parts = money.split(int(fen), costs if any(costs) else [1] * len(of))
        whole += sum(part for (asset, _cost), part in zip(of, parts, strict=True) if asset in wanted)
    return whole


def _points(contracts: Sequence[int], day: date) -> int | None:
    """Points of the newest evaluation of the contracts that was confirmed by a day."""
    return (
        Evaluation.objects.filter(contract__in=list(contracts), state=EvaluationState.CONFIRMED, confirmed_on__lte=day)
        .order_by("-confirmed_on", "-pk")
        .values_list("points", flat=True)
        .first()
        if contracts
        else None
    )


class Due(NamedTuple):
    """A review that is due: the measure, the days, since when."""

    measure_id: int
    number: str
    days: int
    due_on: date


def _visible(actor: Actor) -> "QuerySet[Measure]":
    return Measure.objects.filter(permissions.reach(actor), county=actor.county, state=State.DONE)


def awaited(actor: Actor) -> list[Due]:
    """Every review that nobody wrote yet, due or to come, the earliest first: one statement."""
    written = {days: Exists(Review.objects.filter(measure=OuterRef("pk"), days=days)) for days in REVIEWS}
    first, last = REVIEWS
    rows = _visible(actor).annotate(first=written[first], last=written[last]).filter(Q(first=False) | Q(last=False))
    found = []
    for key, number, done_on, *done in rows.order_by().values_list("pk", "number", "done_on", "first", "last"):
        assert done_on is not None
        found += [
            Due(key, number, days, rules.due_on(done_on, days))
            for days, is_written in zip(REVIEWS, done, strict=True)
            if not is_written
        ]
    return sorted(found, key=lambda row: (row.due_on, row.measure_id))


def due(actor: Actor, on: date) -> list[Due]:
    """Reviews whose day has come and that nobody wrote yet, the oldest first."""
    return [row for row in awaited(actor) if row.due_on <= on]


def page(actor: Actor, *, after: str = "") -> tuple[list[Measure], dict[tuple[int, int], Review], str]:
    """Measures that took effect, the newest first, with their reviews by measure and days: two statements a page."""
    rows = _visible(actor).select_related("party", "site")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    following = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    found = found[:PAGE]
    reviews = Review.objects.filter(measure__in=[row.pk for row in found])
    return found, {(row.measure_id, row.days): row for row in reviews}, following


class Sums(NamedTuple):
    """What all reviews of one span say together."""

    days: int
    reviews: int
    cards: int
    used_before: int
    used_after: int
    income_before_fen: int
    income_after_fen: int


def sums(actor: Actor) -> list[Sums]:
    """All reviews within the actor's reach, added up by span: one statement."""
    rows = (
        Review.objects.filter(permissions.reach(actor, "measure__division_code"), measure__county=actor.county)
        .order_by("days")
        .values_list("days")
        .annotate(
            n=Count("pk"), c=Sum("cards"), ub=Sum("used_before"), ua=Sum("used_after"),
            ib=Sum("income_before_fen"), ia=Sum("income_after_fen"),
        )
    )  # fmt: skip
    return [Sums(days, int(n), *(int(value) for value in rest)) for days, n, *rest in rows]
