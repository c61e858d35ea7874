"""Disposals as the page of them shows (处置列表): filtered, by key, with their sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from mingchan.kernel.actor import Actor
from mingchan.lifecycle.disposal import permissions
from mingchan.lifecycle.disposal.choices import RUNNING, DisposalKind, State
from mingchan.lifecycle.disposal.models import Appraisal, Disposal
from mingchan.lifecycle.disposal.queries.standing import Purse, appraised, is_late, is_overdue, owed, purses

PAGE = 50
ALSO = ("running", "owing", "overdue", "expiring", "expired")
"""What the list can be narrowed to beside the states."""
SOON_DAYS = 30
"""An appraisal that ends within so many days runs out soon: a new one takes about so long."""
COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class DisposalFilter:
    """What the list is narrowed to. `running` stands for every state in which the procedure is under way, `owing` for
    those whose money is still on its way to the treasury, `overdue` for those where it should be there, `expiring` and
    `expired` for those not carried out yet whose appraisal runs out soon or is over."""

    kind: str = ""
    state: str = ""
    year: int | None = None
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "DisposalFilter":
        """The filter that a query string names; what can't be read doesn't narrow."""
        kind, state, year = given.get("kind", ""), given.get("state", ""), given.get("year", "")
        return cls(
            kind=kind if kind in DisposalKind.values else "",
            state=state if state in (*State.values, *ALSO) else "",
            year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
            words=given.get("q", "").replace("\x00", "").strip()[:60],
        )

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(value not in ("", None) for value in (self.kind, self.state, self.year, self.words))


class DisposalRow(NamedTuple):
    """A disposal in the list; sums in fen."""

    id: int
    number: str
    kind: str
    state: str
    office: str
    reason: str
    things: int
    cost_fen: int
    amount_fen: int
    net_fen: int
    drafted_on: date
    submitted_on: date | None
    executed_on: date | None
    split_suspected: bool
    performs_well: bool
    is_sample: bool
    purse: Purse = Purse()
    is_overdue: bool = False

    @property
    def value_fen(self) -> int:
        """What it is about in fen: the cost of the things, or the sum of the money."""
        return self.cost_fen or self.amount_fen


_COLUMNS = (
    "id", "number", "kind", "state", "office__name", "reason", "count", "cost_fen", "amount_fen", "net_fen",
    "drafted_on", "submitted_on", "executed_on", "split_suspected", "performs_well", "is_sample",
)  # fmt: skip


def narrowed(wanted: DisposalFilter, actor: Actor, on: date) -> QuerySet[Disposal]:
    """Disposals the actor may see, inside the filter."""
    found = Disposal.objects.filter(permissions.visible_to(actor))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.state == "running":
        found = found.filter(state__in=RUNNING)
    elif wanted.state in ("owing", "overdue"):
        money = owed(found)
        found = found.filter(pk__in=[row.disposal for row in money if is_late(row, on) == (wanted.state == "overdue")])
    elif wanted.state in ("expiring", "expired"):
        found = found.filter(pk__in=running_out(on, is_over=wanted.state == "expired").values("disposal"))
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.year is not None:
        found = found.filter(year=wanted.year)
    if wanted.words:
        found = found.filter(
            Q(number__contains=wanted.words) | Q(reason__contains=wanted.words) | Q(office__name__contains=wanted.words)
        )
    return found


def running_out(on: date, *, is_over: bool = False) -> QuerySet[Appraisal]:
    """Appraisals that run out soon, or are over, of disposals not carried out yet."""
    return appraised(None, on - timedelta(days=1)) if is_over else appraised(on, on + timedelta(days=SOON_DAYS))


def rows(
    wanted: DisposalFilter, actor: Actor, on: date, *, after: str = "", limit: int = PAGE
) -> tuple[list[DisposalRow], str | None]:
    """A page of disposals, newest first, and the key after which the next one goes on."""
    found = narrowed(wanted, actor, on)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    page = [DisposalRow(*row) for row in found.order_by("-pk").values_list(*_COLUMNS)[: limit + 1]]
    following = str(page[limit - 1].id) if len(page) > limit else None
    money = purses([row.id for row in page[:limit]])
    return [
        row._replace(purse=money[row.id], is_overdue=is_overdue(money[row.id], on)) for row in page[:limit]
    ], following


class Sums(NamedTuple):
    """Sums of the disposals inside a filter, in fen."""

    disposals: int
    items: int
    cost_fen: int


def sums(wanted: DisposalFilter, actor: Actor, on: date) -> Sums:
    """How many disposals and assets the filter finds, and what they cost."""
    found = narrowed(wanted, actor, on).aggregate(n=Count("pk"), items=Sum("count"), cost=Sum("cost_fen"))
    return Sums(int(found["n"]), int(found["items"] or 0), int(found["cost"] or 0))


def by_state(actor: Actor) -> dict[str, int]:
    """How many disposals stand in each state."""
    found: Any = Disposal.objects.filter(permissions.visible_to(actor)).order_by().values_list("state")
    return {state: int(count) for state, count in found.annotate(n=Count("pk"))}
