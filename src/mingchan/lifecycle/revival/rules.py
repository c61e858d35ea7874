"""What revival concludes from facts (盘活规则): what enters and leaves the pool, goes where, improved. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from math import isqrt
from typing import NamedTuple

from mingchan.lifecycle.revival.drafts import Effect, Hit, Need, Offer, Spare, Spot

SAME_VILLAGE, SAME_TOWN, NEXT_TOWN, ELSEWHERE = range(4)
"""Rings of nearness (远近): by divisions, for most sites have no coordinates."""
TOWN = 9
MICRO_PER_DEGREE = 1_000_000
METRES_PER_DEGREE = 111_195
COSINES = (
    10000, 9998, 9994, 9986, 9976, 9962, 9945, 9925, 9903, 9877, 9848, 9816, 9781, 9744, 9703, 9659, 9613, 9563,
    9511, 9455, 9397, 9336, 9272, 9205, 9135, 9063, 8988, 8910, 8829, 8746, 8660, 8572, 8480, 8387, 8290, 8192,
    8090, 7986, 7880, 7771, 7660, 7547, 7431, 7314, 7193, 7071, 6947, 6820, 6691, 6561, 6428, 6293, 6157, 6018,
    5878, 5736, 5592, 5446, 5299, 5150, 5000, 4848, 4695, 4540, 4384, 4226, 4067, 3907, 3746, 3584, 3420, 3256,
    3090, 2924, 2756, 2588, 2419, 2250, 2079, 1908, 1736, 1564, 1392, 1219, 1045, 872, 698, 523, 349, 175, 0,
)  # fmt: skip
"""Cosines of whole degrees in ten-thousandths: metres of a county need no more, and no fractions."""


class Present(NamedTuple):
    """A reason that stands in the pool: its row and the fact behind it."""

    id: int
    hit: Hit


class Sweep(NamedTuple):
    """What a look at the whole register changes: rows to begin by asset, rows to end, assets that come and go."""

    begin: Mapping[int, Sequence[Hit]]
    end: Sequence[int]
    entered: Collection[int]
    left: Collection[int]


def sweep(standing: Mapping[int, Sequence[Present]], found: Mapping[int, Sequence[Hit]]) -> Sweep:
    """The pool as it stands against what holds today (2.6.2). A fact with other figures ends and begins anew.

    An asset has one reason of each trigger at most: the oldest, then the one of the first basis.
    """
    begin: dict[int, list[Hit]] = {}
    end: list[int] = []
    for asset, hits in found.items():
        wanted = {hit.fact: hit for hit in one_each(hits)}
        for present in standing.get(asset, ()):
            if wanted.pop(present.hit.fact, None) is None:
                end.append(present.id)
        if wanted:
            begin[asset] = list(wanted.values())
    left = standing.keys() - found.keys()
    end += [present.id for asset in sorted(left) for present in standing[asset]]
    return Sweep(begin, sorted(end), sorted(found.keys() - standing.keys()), sorted(left))


def one_each(hits: Iterable[Hit]) -> list[Hit]:
    """The hits with one of each trigger: what has held longest says it."""
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (hit.trigger, hit.since, hit.basis, hit.gauge)):
        best.setdefault(hit.trigger, hit)
    return list(best.values())


def ring(here: str, there: str, neighbours: Mapping[str, Collection[str]]) -> int:
    """How near two divisions are: the same village, town, a neighbouring town, elsewhere in the county."""
    if here and here == there:
        return SAME_VILLAGE
    if here[:TOWN] and here[:TOWN] == there[:TOWN]:
        return SAME_TOWN
    return NEXT_TOWN if there[:TOWN] in neighbours.get(here[:TOWN], ()) else ELSEWHERE


def neighbours(places: Mapping[str, tuple[int, int]]) -> dict[str, frozenset[str]]:
    """Towns that touch on the county's grid of tiles, corners too."""
    return {
        code: frozenset(
            other
            for other, (x, y) in places.items()
            if other != code and abs(x - spot[0]) <= 1 and abs(y - spot[1]) <= 1
        )
        for code, spot in places.items()
    }


def metres(one: Spot | None, other: Spot | None) -> int | None:
    """Metres in a straight line between two places, None where one isn't known. Right to a hundredth in a county."""
    if one is None or other is None:
        return None
    north = (one.latitude_micro - other.latitude_micro) * METRES_PER_DEGREE // MICRO_PER_DEGREE
    middle = abs(one.latitude_micro + other.latitude_micro) // 2 // MICRO_PER_DEGREE
    east = (one.longitude_micro - other.longitude_micro) * METRES_PER_DEGREE // MICRO_PER_DEGREE
    east = east * COSINES[min(middle, 90)] // COSINES[0]
    return isqrt(north * north + east * east)


def match(
    spares: Sequence[Spare],
    needs: Sequence[Need],
    adjacent: Mapping[str, Collection[str]],
    spots: Mapping[int, Spot],
) -> list[Offer]:
    """Idle cards for sites that lack such things: each card once at most, no site more than it lacks (2.6.2).

    The nearest first: the same village, the same town, a neighbouring town, the rest; within a ring by metres where
    both sites have coordinates, then by the card's number. Within a ring the site that lacks most comes first. A lot
    goes whole or not at all: one larger than what is lacking must be taken apart first.
    """
    by_item: dict[tuple[str, str], dict[str, list[Spare]]] = defaultdict(lambda: defaultdict(list))
    for spare in spares:
        for key in spare.items:
            by_item[key][spare.division_code[:TOWN]].append(spare)
    left = {(need.site, need.item): need.quantity_milli for need in needs}
    order = sorted(needs, key=lambda need: (-need.quantity_milli, need.site, need.item))
    taken: set[int] = set()
    offers: list[Offer] = []
    for wanted in (SAME_VILLAGE, SAME_TOWN, NEXT_TOWN, ELSEWHERE):
        for need in order:
            lacking = left[need.site, need.item]
            towns = by_item.get((need.kind, need.item))
            if lacking <= 0 or not towns:
                continue
            chosen = _candidates(towns, need, wanted, adjacent, spots, taken)
            for distance, spare in chosen:
                if spare.quantity_milli > lacking:
                    continue
                taken.add(spare.asset)
                lacking -= spare.quantity_milli
                offers.append(Offer(spare.asset, need.site, need.item, spare.quantity_milli, wanted, distance))
                if lacking <= 0:
                    break
            left[need.site, need.item] = lacking
    return offers


def _candidates(
    towns: Mapping[str, Sequence[Spare]],
    need: Need,
    wanted: int,
    adjacent: Mapping[str, Collection[str]],
    spots: Mapping[int, Spot],
    taken: Collection[int],
) -> list[tuple[int | None, Spare]]:
    """Cards of one ring around a need that are still to be had, the nearest first."""
    home = need.division_code[:TOWN]
    if wanted in (SAME_VILLAGE, SAME_TOWN):
        codes: Iterable[str] = (home,)
    elif wanted == NEXT_TOWN:
        codes = adjacent.get(home, ())
    else:
        codes = [code for code in towns if not code or (code != home and code not in adjacent.get(home, ()))]
    there = spots.get(need.site)
    found = [
        (metres(spots.get(spare.site or 0), there), spare)
        for code in codes
        for spare in towns.get(code, ())
        if spare.asset not in taken
        and spare.site != need.site
        and ring(need.division_code, spare.division_code, adjacent) == wanted
    ]
    return sorted(found, key=lambda one: (one[0] is None, one[0] or 0, one[1].asset))


def due_on(done_on: date, days: int) -> date:
    """The day on which the effect of a measure is to be looked at."""
    return date.fromordinal(done_on.toordinal() + days)


def spans(done_on: date, days: int) -> tuple[tuple[date, date], tuple[date, date]]:
    """The days before a measure took effect and as many from it on, first and last day of each."""
    day = done_on.toordinal()
    before = date.fromordinal(day - days), date.fromordinal(day - 1)
    return before, (done_on, date.fromordinal(day + days - 1))


def advice(before: Effect, after: Effect) -> str:
    """What the figures speak for: GOOD when more is used and more comes in, SOME when one of them rose, else NONE.

    Points decide only where neither use nor income moved.
    """
    used = after.used > before.used
    earned = after.income_fen > before.income_fen
    if used and (earned or after.used == after.cards):
        return "GOOD"
    if used or earned:
        return "SOME"
    if before.points is not None and after.points is not None and after.points > before.points:
        return "SOME"
    return "NONE"
