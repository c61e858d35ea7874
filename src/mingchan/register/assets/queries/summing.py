"""The register in figures (汇总数): grouped sums for overviews, and cost by owner to compare with the books (1.2).

An overview at a million cards must not read a million cards for each visitor. The cards are summed once after each
change of the register, in one grouped statement, and the sums (a few thousand, by division) stay in memory. The log
says when the register changed: every change of a card leaves a record there, so the newest records of the four kinds
are the version of the figures. Whoever may see less than the county gets the sums of its divisions only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from threading import Lock
from typing import Any, NamedTuple

from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When

from mingchan.foundation.evidence.models import Record
from mingchan.kernel.actor import Actor
from mingchan.kernel.events import EventKind
from mingchan.register.assets import events
from mingchan.register.assets.choices import MIXED, Problem, Status
from mingchan.register.assets.models import Asset, FormerCard, FundingShare
from mingchan.register.assets.queries.filtering import TOWN_DIGITS, problem
from mingchan.register.assets.queries.valuing import net_value

Key = tuple[Any, ...]
MARKS: tuple[str, ...] = tuple(value for value in Problem.values if value != Problem.NO_SUPERVISION)
"""Problems of a card, each a bit of one number: one column groups faster than many. Supervision has no column."""
CHANGES = [events.REGISTERED, events.CORRECTED, events.SPLIT, events.WITHDRAWN]
"""Kinds of acts that change cards; contexts that move cards add theirs (config.wiring)."""
KEPT_COUNTIES = 4


def changed_by(*kinds: EventKind) -> None:
    """Say that acts of these kinds change cards too, so that figures kept in memory don't outlive them."""
    CHANGES.extend(kind for kind in kinds if kind not in CHANGES)


class Sums(NamedTuple):
    """Cards, quantity in thousandths, cost in fen, and the net value in fen of the `valued` cards that can have one."""

    cards: int = 0
    quantity_milli: int = 0
    cost_fen: int = 0
    valued: int = 0
    net_fen: int = 0

    def plus(self, other: Sequence[int]) -> "Sums":
        """Both together."""
        return Sums(*map(int.__add__, self, other))


NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums inside the actor's divisions, by each cut of the register; the cuts of one kind all add up to `total`.

    `by_problems` is keyed by the set of problems that a card has, so that any union of problems can be counted once;
    `by_booked` by the class of the books for cards with an owner, blank for cards without one, which are in no book.
    `by_source` splits cards of several sources by their shares: (system, tier, source) → fen. `by_part` is keyed by
    system, tier and project year, `by_flow` by source, system and township.
    """

    total: Sums
    by_system: Mapping[str, Sums]
    by_tier: Mapping[str, Sums]
    by_class: Mapping[str, Sums]
    by_year: Mapping[int, Sums]
    by_funding: Mapping[str, Sums]
    by_condition: Mapping[str, Sums]
    by_town: Mapping[str, Sums]
    by_problems: Mapping[frozenset[str], Sums]
    by_booked: Mapping[str, Sums]
    by_source: Mapping[tuple[str, str, str], int]
    by_part: Mapping[tuple[str, str, int], Sums]
    by_flow: Mapping[tuple[str, str, str], Sums]

    def with_any(self, problems: Iterable[str]) -> Sums:
        """Cards that have at least one of the problems, each counted once."""
        wanted = frozenset(problems)
        found = NOTHING
        for had, sums in self.by_problems.items():
            if had & wanted:
                found = found.plus(sums)
        return found


_CUTS = ("system", "tier", "six_class", "year", "funding", "condition", "town", "problems", "booked", "part", "flow")


@dataclass(frozen=True, slots=True)
class _Base:
    """The whole county's sums: cut → division → key → sums; cost by division and source."""

    version: tuple[Any, ...]
    cuts: Mapping[str, Mapping[str, Mapping[Any, Sums]]]
    sources: Mapping[str, Mapping[tuple[str, str, str], int]]


_kept: dict[str, _Base] = {}
_owned: dict[str, tuple[tuple[Any, ...], dict[tuple[int | None, str], int]]] = {}
_lock = Lock()


def figures(
    actor: Actor, on: date, right: str = "overview.view", *, is_past: bool = False, of: Q | None = None
) -> Figures:
    """The register's figures inside the divisions over which the actor holds the right; net value as of `on`.

    `is_past`: the register as it was on that day. `of` narrows to some cards (a site's, an office's). Both are added
    up for the question and not kept; shares of cards of several sources are then left out of `by_source`.
    """
    base = _base(actor.county, on) if not is_past and of is None else _chosen(actor.county, on, is_past, of)
    scopes = actor.scopes(right)

    def seen(division: str) -> bool:
        return any(division.startswith(scope) or actor.county.startswith(scope) for scope in scopes)

    cuts: dict[str, dict[Any, Sums]] = {}
    for name in _CUTS:
        merged: dict[Any, Sums] = {}
        for division, by_key in base.cuts[name].items():
            if seen(division):
                for key, sums in by_key.items():
                    merged[key] = merged.get(key, NOTHING).plus(sums)
        cuts[name] = merged
    sources: dict[tuple[str, str, str], int] = defaultdict(int)
    for division, by_source in base.sources.items():
        if seen(division):
            for source, fen in by_source.items():
                sources[source] += fen
    total = NOTHING
    for sums in cuts["system"].values():
        total = total.plus(sums)
    return Figures(
        total=total,
        by_system=cuts["system"],
        by_tier=cuts["tier"],
        by_class=cuts["six_class"],
        by_year=cuts["year"],
        by_funding=cuts["funding"],
        by_condition=cuts["condition"],
        by_town=cuts["town"],
        by_problems=cuts["problems"],
        by_booked=cuts["booked"],
        by_source=dict(sources),
        by_part=cuts["part"],
        by_flow=cuts["flow"],
    )


def owned(county: str, on: date) -> Mapping[tuple[int | None, str], int]:
    """Cost in fen by owner and class of the books, of the whole county: what the owners' books must hold (3.4.1).

    Summed at the first question after a change of the register, and kept until the next.
    """
    wanted = version(county, on)
    found = _owned.get(county)
    if found is None or found[0] != wanted:
        found = (wanted, {(owner, six_class): int(fen) for owner, six_class, fen in by_owner(county)})
        _keep(_owned, county, found)
    return found[1]


def version(county: str, on: date) -> tuple[Any, ...]:
    """What the figures rest on: the newest record of each kind of change, and the month, for net values."""
    records = Record.objects.order_by("-seq").values_list("seq", "leaf_sha256")
    newest = (records.filter(act=kind.code).first() for kind in CHANGES)
    marks = tuple((found[0], bytes(found[1])) if found else None for found in newest)
    return (county, on.year, on.month, *marks)


def _base(county: str, on: date) -> _Base:
    wanted = version(county, on)
    found = _kept.get(county)
    if found is not None and found.version == wanted:
        return found
    with _lock:
        found = _kept.get(county)
        if found is None or found.version != wanted:
            found = _summed(county, on, wanted)
            _keep(_kept, county, found)
    return found


def _chosen(county: str, on: date, is_past: bool, of: Q | None) -> _Base:
    """Sums of some cards, or of a past day: a statement for cards that stand, and one for those that changed since."""
    cards = (
        [Asset.objects.all()]
        if not is_past
        else [
            Asset.objects.filter(state_since__lte=on),
            FormerCard.objects.filter(state_since__lte=on, left_on__gt=on),
        ]
    )
    narrowed = [rows if of is None else rows.filter(of) for rows in cards]
    return _added(chain.from_iterable(grouped(county, on, rows) for rows in narrowed), (), ())


def _summed(county: str, on: date, wanted: tuple[Any, ...]) -> _Base:
    """Sum every card that counts, in one statement, and the shares of cards of several sources in another."""
    return _added(grouped(county, on).iterator(chunk_size=5000), shares(county), wanted)


def _added(rows: Iterable[Any], shared: Iterable[tuple[str, str, str, str, int]], wanted: tuple[Any, ...]) -> _Base:
    """Rows of the grouped statement and shares of several sources, added up by every cut."""
    cuts: dict[str, dict[str, dict[Any, list[int]]]] = {name: {} for name in _CUTS}
    sources: dict[str, dict[tuple[str, str, str], int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        division, system, tier, six_class, year, funding, condition, marks = row[:8]
        sums = [int(value or 0) for value in row[8:]]
        problems = _problems(marks)
        booked = "" if Problem.NO_OWNER in problems else six_class
        town, part = division[:TOWN_DIGITS], (system, tier, year)
        flow = (funding, system, town)
        keys = (system, tier, six_class, year, funding, condition, town, problems, booked, part, flow)
        for name, key in zip(_CUTS, keys, strict=True):
            _add(cuts[name].setdefault(division, {}), key, sums)
        if funding != MIXED:
            sources[division][system, tier, funding] += sums[2]
    for division, system, tier, source, fen in shared:
        sources[division][system, tier, source] += fen
    return _Base(
        version=wanted,
        cuts={
            name: {
                division: {key: Sums(*sums) for key, sums in by_key.items()} for division, by_key in by_division.items()
            }
            for name, by_division in cuts.items()
        },
        sources={division: dict(by_source) for division, by_source in sources.items()},
    )


def _add(into: dict[Any, list[int]], key: Any, sums: Sequence[int]) -> None:
    kept = into.get(key)
    if kept is None:
        into[key] = list(sums)
    else:
        for index, value in enumerate(sums):
            kept[index] += value


def _keep(kept: dict[str, Any], county: str, found: Any) -> None:
    """Keep what was found for the county, and no more than a few counties."""
    kept.pop(county, None)
    while len(kept) >= KEPT_COUNTIES:
        kept.pop(next(iter(kept)))
    kept[county] = found


@cache
def _problems(marks: int) -> frozenset[str]:
    """The problems that the bits say."""
    return frozenset(name for bit, name in enumerate(MARKS) if marks >> bit & 1)


def grouped(county: str, on: date, cards: Any = None) -> Any:
    """The one statement behind the figures: cards that count, all or those given, grouped by all cuts at once."""
    marks: Any = Value(0)
    for bit, name in enumerate(MARKS):
        marks = marks + Case(When(problem(name), then=Value(1 << bit)), default=Value(0), output_field=IntegerField())
    keys = ("division_code", "system", "tier", "six_class", "year", "funding", "condition", "marks")
    net = net_value(on)
    return (
        (Asset.objects.all() if cards is None else cards)
        .filter(county=county, status=Status.ACTIVE)
        .order_by()
        .annotate(marks=marks)
        .values_list(*keys)
        .annotate(n=Count("pk"), q=Sum("quantity_milli"), c=Sum("cost_fen"), v=Count(net), w=Sum(net))
    )


def by_owner(county: str) -> Any:
    """Cost by owner and class of the books."""
    cards = Asset.objects.filter(county=county, status=Status.ACTIVE).order_by()
    return cards.values_list("owner_id", "six_class").annotate(c=Sum("cost_fen"))


def shares(county: str) -> Iterator[tuple[str, str, str, str, int]]:
    """Cost of cards of several sources by division, system, tier and source.

    The shares are walked, which are few, and never the cards: so the statement has no condition on the cards, whose
    indexes would tempt the database, and what doesn't count is left out afterwards.
    """
    rows = (
        FundingShare.objects.order_by()
        .values_list(
            "asset__county",
            "asset__status",
            "asset__funding",
            "asset__division_code",
            "asset__system",
            "asset__tier",
            "source",
        )
        .annotate(fen=Sum("amount_fen"))
    )
    wanted = (county, Status.ACTIVE.value, MIXED)
    for *which, division, system, tier, source, fen in rows.iterator(chunk_size=5000):
        if tuple(which) == wanted:
            yield division, system, tier, source, int(fen)
