"""Lines of holders over time (权利沿革): each kind of right of a card as stretches that can be drawn (2.4.1, LADM).

Geometry is in whole thousandths of the band's width, so that a page draws it without a float.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q

from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.models import Right

WIDTH = 1000
"""The band's width."""
LEAST = 4
"""A stretch of a day must still be seen."""


class Stretch(NamedTuple):
    """One right as it is drawn: where it begins and how long it is, how far down and how high (thousandths)."""

    right: Right
    x: int
    width: int
    y: int
    height: int

    @property
    def is_open(self) -> bool:
        """Whether it still holds."""
        return self.right.valid_to is None


class Gap(NamedTuple):
    """A time in which nobody held the right."""

    since: date
    until: date | None
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of right over time: its stretches, and the gaps between them since the card began."""

    kind: str
    stretches: tuple[Stretch, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The time that is drawn, and the years that stand under it, each with its place."""

    since: date
    until: date
    years: tuple[tuple[int, int], ...]


def lines(asset_id: int, since: date, on: date) -> tuple[Axis, list[Line]]:
    """The lines of a card's rights from `since`, or from the earliest right, until `on`; every kind has one."""
    rows = Right.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), asset_id=asset_id)
    rights = list(rows.select_related("party", "organisation").order_by("kind", "valid_from", "id"))
    begin = min([since, *(right.valid_from for right in rights)])
    axis = _axis(begin, max(on, begin))
    by_kind: dict[str, list[Right]] = {}
    for right in rights:
        by_kind.setdefault(right.kind, []).append(right)
    return axis, [_line(kind, by_kind.get(kind, []), since, axis) for kind in RightKind.values]


def _axis(since: date, until: date) -> Axis:
    days = max(1, (until - since).days)
    years = [
        (year, (date(year, 1, 1) - since).days * WIDTH // days) for year in range(since.year + 1, until.year + 1)
    ]  # fmt: skip
    step = max(1, len(years) // 6)
    return Axis(since, until, tuple(years[::step]))


def _place(day: date, axis: Axis) -> int:
    days = max(1, (axis.until - axis.since).days)
    return min(WIDTH, max(0, (day - axis.since).days * WIDTH // days))


def _line(kind: str, rights: Sequence[Right], since: date, axis: Axis) -> Line:
    """Stretches of one kind: sharers of the same days stand on one another, each as high as its share."""
    stretches: list[Stretch] = []
    filled: dict[date, int] = {}
    for right in rights:
        above = filled.get(right.valid_from, 0)
        height = max(1, right.share_numerator * WIDTH // right.share_denominator)
        filled[right.valid_from] = above + height
        begin, end = _place(right.valid_from, axis), _place(right.valid_to or axis.until, axis)
        begin = min(begin, WIDTH - LEAST)
        stretches.append(Stretch(right, begin, max(LEAST, end - begin), above, height))
    return Line(kind, tuple(stretches), tuple(_gaps(rights, since, axis)))


def _gaps(rights: Sequence[Right], since: date, axis: Axis) -> list[Gap]:
    """Times without a holder from `since` on."""
    found: list[Gap] = []
    covered: date | None = since
    for right in sorted(rights, key=lambda one: one.valid_from):
        if covered is None:
            break
        if right.valid_from > covered:
            found.append(_gap(covered, right.valid_from, axis))
        covered = None if right.valid_to is None else max(covered, right.valid_to)
    if covered is not None and covered < axis.until:
        found.append(_gap(covered, None, axis))
    return found


def _gap(since: date, until: date | None, axis: Axis) -> Gap:
    begin, end = _place(since, axis), _place(until or axis.until, axis)
    return Gap(since, until, min(begin, WIDTH - LEAST), max(LEAST, end - begin))
