"""Pure rules of the survey (调查规则): how alike two things are, which row is which card, where they differ (3.2).

Likeness is a whole number from 0 to 100. Nothing here compares every row with every card: rows and cards meet by equal
keys first, and what is left only where names in one township share pairs of characters.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from mingchan.register.survey.choices import Decision, Kind, Verdict, Way

LIKE_ENOUGH = 65
"""A fuzzy match is proposed from this likeness on."""
NAMES_LIKE = 50
"""And only where the names alone are at least so alike."""
MOST_NAMES, MOST_CARDS = 8, 4
"""So many like names, and of each so many cards of the village and of the town, are weighed for one row."""
TOWN_DIGITS = 9

_DROPPED = re.compile(r"[\s\-_/\\,，.。·、:：;；\"'“”‘’()（）\[\]【】<>《》]+")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SAME = (("计算机", "电脑"), ("微型电脑", "台式电脑"), ("电冰箱", "冰箱"), ("照像机", "照相机"), ("桌子", "桌"))


def key(text: str) -> str:
    """A text as it is compared: no blanks or marks, half-width, lower case."""
    return _DROPPED.sub("", text.translate(_WIDE).lower())


def name_key(text: str) -> str:
    """A name as it is compared: without what stands in brackets, with the usual other words for one thing made one."""
    found = key(_BRACKETS.sub("", text.translate(_WIDE))) or key(text)
    for other, word in _SAME:
        found = found.replace(other, word)
    return found


def pairs_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters of a key; a key of one character is itself."""
    return frozenset(map("".join, pairwise(text))) if len(text) > 1 else frozenset({text} - {""})


def likeness(one: str, other: str) -> int:
    """How alike two keys are, 0 to 100: the share of common pairs of characters (Dice)."""
    if one == other:
        return 100 if one else 0
    left, right = pairs_of(one), pairs_of(other)
    both = len(left) + len(right)
    return 200 * len(left & right) // both if both else 0


def closeness(one: int, other: int) -> int:
    """How near two amounts are, 0 to 100: the smaller as a share of the greater."""
    least, most = sorted((abs(one), abs(other)))
    return 100 if most == 0 else 100 * least // most


class Thing(NamedTuple):
    """A row or a card as it is matched; texts are keys (`key`, `name_key`), amounts in fen, quantity in thousandths."""

    id: int
    name: str
    model: str
    division: str
    site: str
    place: str
    quantity: int | None
    cost: int | None


class Pair(NamedTuple):
    """A row and its card, how they were found, how alike they are, and how many other cards fit as well (并列)."""

    row: int
    card: int
    way: str
    score: int
    ties: int = 0


def one_to_one(scored: Iterable[tuple[int, int, int]], way: str) -> list[Pair]:
    """Of (row, card, score) at most one pair for each row and each card, best first, else in order of their numbers.

    `ties` counts the pairs of the same score that wanted the row or the card too.
    """
    ordered = sorted(scored, key=lambda pair: (-pair[2], pair[0], pair[1]))
    rows: dict[tuple[int, int], int] = defaultdict(int)
    cards: dict[tuple[int, int], int] = defaultdict(int)
    for row, card, score in ordered:
        rows[row, score] += 1
        cards[card, score] += 1
    used_rows: set[int] = set()
    used_cards: set[int] = set()
    found: list[Pair] = []
    for row, card, score in ordered:
        if row in used_rows or card in used_cards:
            continue
        used_rows.add(row)
        used_cards.add(card)
        found.append(Pair(row, card, way, score, rows[row, score] + cards[card, score] - 2))
    return found


def _spots(thing: Thing) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spot for spot in (thing.site, thing.place) if spot))


_Key = tuple[object, ...]


def _exact(thing: Thing) -> list[_Key]:
    if thing.quantity is None or thing.cost is None:
        return []
    facts = (thing.name, thing.model, thing.division, thing.quantity, thing.cost)
    return [(*facts, spot) for spot in _spots(thing)]


def _spot_amounts(thing: Thing) -> list[_Key]:
    if thing.quantity is None or thing.cost is None:
        return []
    return [(thing.name, thing.division, spot, thing.quantity, thing.cost) for spot in _spots(thing)]


def _spot_quantity(thing: Thing) -> list[_Key]:
    if thing.quantity is None:
        return []
    return [(thing.name, thing.division, spot, thing.quantity) for spot in _spots(thing)]


def _village_amounts(thing: Thing) -> list[_Key]:
    if thing.quantity is None or thing.cost is None:
        return []
    return [(thing.name, thing.division, thing.quantity, thing.cost)]


def _spot(thing: Thing) -> list[_Key]:
    return [(thing.name, thing.division, spot) for spot in _spots(thing)]


def _village_quantity(thing: Thing) -> list[_Key]:
    return [] if thing.quantity is None else [(thing.name, thing.division, thing.quantity)]


PASSES: tuple[tuple[Callable[[Thing], list[_Key]], int], ...] = (
    (_exact, 97),
    (_spot_amounts, 95),
    (_spot_quantity, 90),
    (_village_amounts, 88),
    (_spot, 84),
    (_village_quantity, 80),
)
"""Equal keys from the strictest to the loosest, each with the likeness that it stands for."""


def by_keys(rows: Sequence[Thing], cards: Sequence[Thing]) -> list[Pair]:
    """Pairs of one name at one place (名称地点), by ever fewer facts in common. Linear in rows and cards."""
    found: list[Pair] = []
    free_rows = {row.id: row for row in rows if row.name}
    free_cards = {card.id: card for card in cards if card.name}
    for keys_of, score in PASSES:
        waiting: dict[_Key, list[Thing]] = defaultdict(list)
        for card in free_cards.values():
            for one in keys_of(card):
                waiting[one].append(card)
        asking: dict[_Key, list[Thing]] = defaultdict(list)
        for row in free_rows.values():
            for one in keys_of(row):
                asking[one].append(row)
        for one, group in asking.items():
            askers = sorted((row for row in group if row.id in free_rows), key=_order)
            offered = sorted((card for card in waiting.get(one, ()) if card.id in free_cards), key=_order)
            doubt = max(len(askers), len(offered)) - 1
            sure = keys_of is _exact and len(askers) == len(offered)
            for row, card in zip(askers, offered, strict=False):
                del free_rows[row.id], free_cards[card.id]
                found.append(Pair(row.id, card.id, Way.PLACE.value, score, 0 if sure else doubt))
    return found


def _order(thing: Thing) -> tuple[str, str, str, int, int, int]:
    """Like things of a group stand in a like order, so that those that agree in more meet."""
    return thing.model, thing.site, thing.place, thing.cost or 0, thing.quantity or 0, thing.id


def score(row: Thing, card: Thing) -> int:
    """How alike a row and a card are, 0 to 100; what the row does not say neither helps nor harms."""
    weighed = [(60, likeness(row.name, card.name))]
    if row.model and card.model:
        weighed.append((10, likeness(row.model, card.model)))
    weighed.append((15, _near(row, card)))
    if row.quantity is not None and card.quantity is not None:
        weighed.append((10, closeness(row.quantity, card.quantity)))
    if row.cost is not None and card.cost is not None:
        weighed.append((15, closeness(row.cost, card.cost)))
    return sum(weight * value for weight, value in weighed) // sum(weight for weight, _value in weighed)


def _near(row: Thing, card: Thing) -> int:
    """How near the places are: the same spot, the same village, the same town."""
    if row.division == card.division:
        if not _spots(row) or set(_spots(row)) & set(_spots(card)):
            return 100
        likest = max((likeness(a, b) for a in _spots(row) for b in _spots(card)), default=50)
        return max(50, likest)
    return 30 if row.division[:TOWN_DIGITS] == card.division[:TOWN_DIGITS] else 0


class _Shelf:
    """Like cards in the order of their cost, so that the few nearest in cost are found without looking at all."""

    def __init__(self) -> None:
        self.cards: list[Thing] = []
        self._costs: list[int] | None = None

    def nearest(self, cost: int | None, most: int) -> Sequence[Thing]:
        """At most so many cards around a cost; of an unknown cost the first."""
        if self._costs is None:
            self.cards.sort(key=lambda card: (card.cost or 0, card.id))
            self._costs = [card.cost or 0 for card in self.cards]
        if cost is None or len(self.cards) <= most:
            return self.cards[:most]
        first = max(0, min(bisect_left(self._costs, cost) - most // 2, len(self.cards) - most))
        return self.cards[first : first + most]


def fuzzy(rows: Sequence[Thing], cards: Sequence[Thing]) -> list[Pair]:
    """Pairs that are only alike (近似), inside one township, best first. Weighs a bounded number of cards for a row."""
    shelves: dict[tuple[str, str], _Shelf] = defaultdict(_Shelf)
    names_of: dict[str, set[str]] = defaultdict(set)
    for card in cards:
        if card.name:
            shelves[card.name, ""].cards.append(card)
            shelves[card.name, card.division].cards.append(card)
    for name in {name for name, _division in shelves}:
        for pair in pairs_of(name):
            names_of[pair].add(name)
    like: dict[str, list[str]] = {}
    scored: list[tuple[int, int, int]] = []
    for row in rows:
        if not row.name:
            continue
        if row.name not in like:
            like[row.name] = _like_names(row.name, names_of)
        near: dict[int, Thing] = {}
        for name in like[row.name]:
            for division in (row.division, ""):
                shelf = shelves.get((name, division))
                near.update((card.id, card) for card in (shelf.nearest(row.cost, MOST_CARDS) if shelf else ()))
        for card in near.values():
            points = score(row, card)
            if points >= LIKE_ENOUGH:
                scored.append((row.id, card.id, points))
    return one_to_one(scored, Way.FUZZY.value)


def _like_names(name: str, names_of: Mapping[str, set[str]]) -> list[str]:
    near: set[str] = set().union(*(names_of.get(pair, ()) for pair in pairs_of(name)))
    scored = sorted(((likeness(name, other), other) for other in near), reverse=True)
    return [other for points, other in scored[:MOST_NAMES] if points >= NAMES_LIKE]


def assign(rows: Sequence[Thing], cards: Sequence[Thing]) -> list[Pair]:
    """Rows of one township and its cards, each used once at most: by equal keys, then by likeness."""
    found = by_keys(rows, cards)
    used_rows, used_cards = {pair.row for pair in found}, {pair.card for pair in found}
    return found + fuzzy(
        [row for row in rows if row.id not in used_rows], [card for card in cards if card.id not in used_cards]
    )


class Facts(NamedTuple):
    """What is compared of a card and of a row once they are matched; empty or None: it isn't said."""

    name: str = ""
    model: str = ""
    serial: str = ""
    quantity: int | None = None
    cost: int | None = None
    division: str = ""
    where: str = ""
    site: str = ""
    place: str = ""
    class_code: str = ""
    system: str = ""
    tier: str = ""
    keeper: str = ""
    user: str = ""
    condition: str = ""


class Delta(NamedTuple):
    """One difference: its kind, what either side says in words, and as numbers where it is a number."""

    kind: str
    register: str
    survey: str
    register_number: int | None = None
    survey_number: int | None = None


def compare(card: Facts, row: Facts, same_condition: Callable[[str], str] = str) -> list[Delta]:
    """In what a matched row differs from its card (3.2). Only what the row says is compared; spelling doesn't count.

    `same_condition` gives the county's own word for a state of use.
    """
    found: list[Delta] = []
    texts = (
        (Kind.NAME, "name", name_key), (Kind.MODEL, "model", key), (Kind.SERIAL, "serial", key),
        (Kind.CLASS, "class_code", key), (Kind.KEEPER, "keeper", name_key), (Kind.USER, "user", name_key),
    )  # fmt: skip
    for kind, field, as_key in texts:
        said, stands = getattr(row, field), getattr(card, field)
        if said and as_key(said) != as_key(stands):
            found.append(Delta(kind.value, stands, said))
    for kind, field in ((Kind.QUANTITY, "quantity"), (Kind.VALUE, "cost")):
        said, stands = getattr(row, field), getattr(card, field)
        if said is not None and said != stands:
            found.append(Delta(kind.value, "", "", stands, said))
    if _elsewhere(card, row):
        found.append(Delta(Kind.PLACE.value, _whole_place(card), _whole_place(row)))
    said_type, stands_type = (row.system or card.system, row.tier or card.tier), (card.system, card.tier)
    if said_type != stands_type:
        found.append(Delta(Kind.TYPE.value, " ".join(stands_type), " ".join(said_type)))
    if row.condition and same_condition(row.condition) != same_condition(card.condition):
        found.append(Delta(Kind.CONDITION.value, card.condition, row.condition))
    order = list(Kind.values)
    return sorted(found, key=lambda delta: order.index(delta.kind))


def within(division: str, scope: str) -> bool:
    """Whether a division lies in another: a county's and a town's code end in zeros that stand for all below."""
    for digits in (6, TOWN_DIGITS):
        if len(scope) == 12 and not scope[digits:].strip("0"):
            return division.startswith(scope[:digits])
    return division.startswith(scope)


def _elsewhere(card: Facts, row: Facts) -> bool:
    if row.division and not within(card.division, row.division) and not within(row.division, card.division):
        return True
    stands = {key(card.site), key(card.place)} - {""}
    return any(said and key(said) not in stands for said in (row.site, row.place))


def _whole_place(facts: Facts) -> str:
    return " ".join(part for part in dict.fromkeys((facts.where, facts.site, facts.place)) if part)


FOUND_NOWHERE = re.compile("盘亏|未找到|没找到|找不到|未见|丢失|遗失|灭失|不存在|无实物")


def says_missing(result: str, quantity: int | None) -> bool:
    """Whether a line says that the thing was looked for and not found: a count of nought, or words for it."""
    return quantity == 0 or bool(FOUND_NOWHERE.search(result))


ALLOWED: Mapping[str, tuple[str, ...]] = {
    Kind.ONLY_SURVEY.value: (Decision.REGISTER.value, Decision.PENDING.value, Decision.KEEP.value),
    Kind.ONLY_REGISTER.value: (Decision.PENDING.value, Decision.DISPOSE.value, Decision.KEEP.value),
}
_OTHERWISE = (Decision.CORRECT.value, Decision.KEEP.value, Decision.PENDING.value)


def decisions_for(kinds: Collection[str]) -> list[str]:
    """Decisions that may be taken about differences of all these kinds, in the order in which they are offered."""
    return [
        value for value in Decision.values if kinds and all(value in ALLOWED.get(kind, _OTHERWISE) for kind in kinds)
    ]


CHANGING = frozenset({Decision.CORRECT.value, Decision.REGISTER.value})
"""Decisions that change the register; they can't be taken back here, only corrected there."""


def gap(kind: str, *, cost: int | None = None, register: int | None = None, survey: int | None = None) -> int:
    """By how many fen the survey's value stands above the register's through one difference."""
    if kind == Kind.ONLY_SURVEY:
        return cost or 0
    if kind == Kind.ONLY_REGISTER:
        return -(cost or 0)
    return (survey or 0) - (register or 0) if kind == Kind.VALUE else 0


def verdict(funding: str, in_scope: Mapping[str, bool], doubtful: bool) -> str:
    """Whether a card of the settled survey is in the plan's scope: by the source of its money (2.1.1), unless doubtful.

    `in_scope` says it of each source; money of several sources counts as in scope when the register admitted it.
    """
    if doubtful:
        return Verdict.DOUBT.value
    return Verdict.IN.value if in_scope.get(funding, False) else Verdict.OUT.value


def price_of(cost: int, quantity: int) -> int | None:
    """Unit price in fen when the cost divides evenly over the quantity (thousandths), else None."""
    return cost * 1000 // quantity if quantity and cost * 1000 % quantity == 0 else None
