"""What a check is (检查项): a query over the facts of other contexts, its words, and the figures that decide.

A check reads in a few statements whatever the size of the register, and gives a `Hit` for each fact it finds. It writes
nothing, asks no clock, and takes its bounds from the pack (`checks.yaml`) through its `Scope`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, FormerCard

CHUNK = 5000
Text = Promise | str
Bounds = Mapping[str, Any]


class Hit(NamedTuple):
    """One fact that a check found. `figures` hold amounts as `…_fen`, days as ISO text `…_on`, else numbers and text.

    They name what was found, not how old it is, so that the same fact gives the same figures every night.
    """

    subject: int
    title: str
    division: str
    since: date
    figures: Mapping[str, Any]
    asset: int | None = None
    fact: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Over what a check runs: a county as of a day, or one asset of it. `past`: the day lies before today.

    For a past day cards are read as they were then, from the states they left.
    """

    county: str
    on: date
    bounds: Bounds = field(default_factory=dict)
    asset: int | None = None
    past: bool = False

    def bound(self, name: str) -> int:
        """A whole number that the pack sets for this check."""
        return int(self.bounds[name])

    def before(self, name: str) -> date:
        """The day so many days back: what began before it is older than the bound."""
        return self.on - timedelta(days=self.bound(name))

    def ahead(self, name: str) -> date:
        """The day so many days on: what ends by it is inside the warning."""
        return self.on + timedelta(days=self.bound(name))

    def cards(self) -> list[tuple["QuerySet[Any]", str]]:
        """Cards in force on the day with the name of their key: those of today, for a past day those of then too."""
        own = Q(county=self.county, status=Status.ACTIVE, registered_on__lte=self.on)
        now = own & Q(state_since__lte=self.on) if self.past else own
        found: list[tuple[QuerySet[Any], str]] = [(Asset.objects.filter(now), "pk")]
        if self.past:
            former = FormerCard.objects.filter(own, state_since__lte=self.on, left_on__gt=self.on)
            found.append((former, "asset_id"))
        if self.asset is not None:
            found = [(cards.filter(**{key: self.asset}), key) for cards, key in found]
        return found

    def of_asset(self, rows: "QuerySet[Any]", path: str) -> "QuerySet[Any]":
        """The rows that concern the asset when the scope is one; all of them otherwise."""
        return rows.filter(**{path: self.asset}).distinct() if self.asset is not None else rows


Find = Callable[[Scope], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its code. `because` is the sentence with the figures, `then` what to do and `page` where.

    `pattern` is the number of the risk pattern it answers, `reads` the contexts whose events call for it, `kind` the
    word of its subjects' references; `page` an address that takes the subject's key if `takes_subject`.
    `by_asset`: it can look at one asset alone.
    """

    code: str
    title: Text
    family: str
    severity: str
    clauses: tuple[str, ...]
    kind: str
    find: Find
    because: Text
    then: Text
    page: str
    reads: tuple[str, ...]
    pattern: str = ""
    by_asset: bool = True
    takes_subject: bool = True


def standing(on: date, start: str = "valid_from", end: str = "valid_to") -> Q:
    """Rows of dated tables that hold on a day; the end day is the first on which they no longer do."""
    return Q(**{f"{start}__lte": on}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on}))


def text(day: date | None) -> str:
    """A day as figures hold it."""
    return day.isoformat() if day is not None else ""


def known(day: date | None) -> date:
    """A day of a column that may be empty, from rows that the query's filter lets through only with one."""
    assert day is not None
    return day


def of_cards(
    scope: Scope,
    where: Callable[["QuerySet[Any]", str], "QuerySet[Any]"],
    *,
    since: str = "registered_on",
    figures: Mapping[str, str] | None = None,
) -> Iterator[Hit]:
    """Hits over cards: `where` narrows them, `since` and `figures` name columns of the narrowed query."""
    wanted = dict(figures or {})
    for cards, key in scope.cards():
        rows = where(cards, key).values_list(
            key, "code", "name", "division_code", since, "keeper__name", "registered_on", *wanted.values()
        )
        for asset, code, name, division, start, keeper, registered, *values in rows.iterator(chunk_size=CHUNK):
            found = {
                label: text(value) if isinstance(value, date) else value
                for label, value in zip(wanted, values, strict=True)
                if value is not None
            }
            yield Hit(asset, f"{code} {name}", division, start or registered, found, asset, "", keeper or "")
