"""Gaps of rights (权益悬空): on a day, how many assets have each kind of right whole, in part, or not at all (2.3).

Set-based: one grouped statement over the cards for the kinds that they show in a column, one more for supervision, and
one for each kind held in shares that fall short, which reads only such rights.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum

from mingchan.kernel.actor import Actor, Grant
from mingchan.register.assets.choices import Cover, RightKind
from mingchan.register.assets.models import Right
from mingchan.register.assets.queries import RegisterFilter, summing
from mingchan.register.assets.queries.filtering import TOWN_DIGITS, bases
from mingchan.register.assets.queries.holding import COLUMNS, covered, on_day, shared


@dataclass(slots=True)
class Cell:
    """Assets of one kind of right in one part of the register: all of them, those short of the whole, those without."""

    count: int = 0
    cost_fen: int = 0
    none: int = 0
    none_fen: int = 0
    partial: int = 0
    partial_fen: int = 0

    @property
    def whole(self) -> int:
        """Assets whose shares make exactly one whole."""
        return self.count - self.none - self.partial

    @property
    def whole_fen(self) -> int:
        """Their cost."""
        return self.cost_fen - self.none_fen - self.partial_fen

    def add(self, other: "Cell") -> None:
        """Both together."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Coverage:
    """Cells by kind of right, and by kind with the system or the town."""

    total: dict[str, Cell] = field(default_factory=dict)
    by_system: dict[tuple[str, str], Cell] = field(default_factory=dict)
    by_town: dict[tuple[str, str], Cell] = field(default_factory=dict)

    @property
    def gaps(self) -> int:
        """Kinds of rights of assets that are not whole, all together."""
        return sum(cell.none + cell.partial for cell in self.total.values())


Cells = dict[tuple[str, str, str], Cell]
"""Cells by kind of right, system and division."""

_kept: dict[tuple[str, date | None], tuple[tuple[Any, ...], Cells]] = {}
KEPT = 6
"""Days of counties whose cells stay in memory."""


def coverage(actor: Actor, on: date, day: date | None = None) -> Coverage:
    """How the rights of the actor's assets stand, now or at the end of a past day; `on` is today.

    The county's cells are counted once after each change of the register and kept. An account tied to a party is
    counted by itself, for what it sees isn't a matter of divisions.
    """
    scopes = actor.scopes("asset.view")
    cells = _of_county(actor.county, on, day) if scopes else _counted(actor, day)
    found = Coverage({kind: Cell() for kind in RightKind.values})
    for (kind, system, division), cell in cells.items():
        if scopes and not any(division.startswith(scope) or actor.county.startswith(scope) for scope in scopes):
            continue
        found.total[kind].add(cell)
        found.by_system.setdefault((kind, system), Cell()).add(cell)
        found.by_town.setdefault((kind, division[:TOWN_DIGITS]), Cell()).add(cell)
    return found


def _of_county(county: str, on: date, day: date | None) -> Cells:
    """The whole county's cells, counted anew when the register changed since."""
    version = summing.version(county, on)
    kept = _kept.get((county, day))
    if kept is not None and kept[0] == version:
        return kept[1]
    whole = Actor(None, "", county, (Grant("", county, frozenset({"asset.view"})),))
    cells = _counted(whole, day)
    _kept.pop((county, day), None)
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[county, day] = version, cells
    return cells


def _counted(actor: Actor, day: date | None) -> Cells:
    cells: Cells = {}
    for cards in bases(RegisterFilter(as_of=day), actor):
        _count_columns(cards, cells)
        _count(cards.filter(covered(RightKind.SUPERVISION, Cover.NONE, cards, day)), "SUPERVISION", "none", cells)
        for kind in _kinds_in_shares(day):
            _count(cards.filter(covered(kind, Cover.PARTIAL, cards, day)), kind, "partial", cells)
    return cells


def _grouped(cards: Any) -> Any:
    return cards.order_by().values_list("system", "division_code")


def _count_columns(cards: Any, cells: Cells) -> None:
    """All cards, and those with an empty holder's column."""
    sums: dict[str, Any] = {"n": Count("pk"), "c": Sum("cost_fen")}
    for kind, column in COLUMNS.items():
        empty = Q(**{f"{column}__isnull": True})
        sums[f"n_{kind}"], sums[f"c_{kind}"] = Count("pk", filter=empty), Sum("cost_fen", filter=empty)
    for system, division, count, cost, *empty_ones in _grouped(cards).annotate(**sums):
        for kind in RightKind.values:
            cell = cells.setdefault((kind, system, division), Cell())
            cell.count += count
            cell.cost_fen += int(cost or 0)
        for index, kind in enumerate(COLUMNS):
            cell = cells[kind, system, division]
            cell.none += empty_ones[2 * index]
            cell.none_fen += int(empty_ones[2 * index + 1] or 0)


def _count(cards: Any, kind: str, name: str, cells: Cells) -> None:
    for system, division, count, cost in _grouped(cards).annotate(n=Count("pk"), c=Sum("cost_fen")):
        cell = cells.setdefault((kind, system, division), Cell())
        setattr(cell, name, getattr(cell, name) + count)
        setattr(cell, f"{name}_fen", getattr(cell, f"{name}_fen") + int(cost or 0))


def _kinds_in_shares(day: date | None) -> list[str]:
    """Kinds of right that are held in shares whose sum may fall short, on a day."""
    return [
        kind
        for kind in RightKind.values
        if Right.objects.filter(shared(), on_day(day), ~Q(share_numerator=F("share_denominator")), kind=kind).exists()
    ]


def towns(coverage_: Coverage) -> Iterable[str]:
    """The towns that have assets, by code."""
    return sorted({town for _kind, town in coverage_.by_town})
