"""What a site is and should have (站点规则): facts in, verdicts out. No database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mingchan.register.sites.choices import Standing, State
from mingchan.register.sites.drafts import ItemSpec, KindSpec, Portion

NEXT: Mapping[str, frozenset[str]] = {
    "": frozenset(State.values),
    State.PREPARING: frozenset({State.OPERATING, State.CLOSED}),
    State.OPERATING: frozenset({State.SUSPENDED, State.CLOSED}),
    State.SUSPENDED: frozenset({State.OPERATING, State.CLOSED}),
    State.CLOSED: frozenset({State.PREPARING, State.OPERATING}),
}
"""Which state may follow which; a site without a file may begin with any."""


class Change(NamedTuple):
    """A site's own change of one item: so many thousandths instead of the kind's, and words of an item of its own."""

    item: str
    quantity_milli: int
    words: tuple[str, ...] = ()
    unit: str = ""


class Group(NamedTuple):
    """Cards of one name and class at a site, with their quantity in thousandths."""

    name: str
    class_code: str
    cards: int
    quantity_milli: int


class Compared(NamedTuple):
    """One item beside what the register says is there: quantities in thousandths, cards, and how it stands."""

    item: ItemSpec
    changed: bool
    quantity_milli: int
    cards: int
    standing: str

    @property
    def lacking_milli(self) -> int:
        """How much is missing."""
        return max(0, self.item.quantity_milli - self.quantity_milli)

    @property
    def surplus_milli(self) -> int:
        """How much is there beyond the most that is wanted."""
        return max(0, self.quantity_milli - self.item.most_milli)


def propose_kind(name: str, tier: str, kinds: Iterable[KindSpec]) -> str:
    """The kind that a name and a tier speak of (2.1.2): words of the name first, then the tier; blank if neither does.

    The words of a centre count only on the tier of the centre: a village's 物流 point is still a village station.
    """
    kinds = list(kinds)
    for kind in kinds:
        if kind.tier in ("", tier) and any(word in name for word in kind.named):
            return kind.code
    return next((kind.code for kind in kinds if kind.by_tier and kind.tier == tier), "")


def wanted(items: Sequence[ItemSpec], changes: Iterable[Change]) -> list[tuple[ItemSpec, bool]]:
    """What a site should have: its kind's list with its own changes, each with whether it was changed here."""
    by_item = {change.item: change for change in changes}
    found: list[tuple[ItemSpec, bool]] = []
    for item in items:
        change = by_item.pop(item.code, None)
        if change is None:
            found.append((item, False))
        elif change.quantity_milli:
            most = max(change.quantity_milli, item.most_milli if change.quantity_milli >= item.quantity_milli else 0)
            found.append((item._replace(quantity_milli=change.quantity_milli, most_milli=most), True))
    own = [
        ItemSpec(
            change.item, change.item, change.item, change.unit, change.quantity_milli, change.quantity_milli,
            change.words or (change.item,), (),
        )
        for change in by_item.values() if change.quantity_milli
    ]  # fmt: skip
    return [*((item, True) for item in own), *found]


def item_of(name: str, class_code: str, items: Iterable[ItemSpec]) -> str:
    """The code of the first item that a card counts for, blank for none. Words are compared without regard to case."""
    plain = name.upper()
    for item in items:
        if any(class_code.startswith(prefix) for prefix in item.classes):
            return item.code
        if any(word.upper() in plain for word in item.words):
            return item.code
    return ""


def compare(
    should: Sequence[tuple[ItemSpec, bool]], groups: Iterable[Group], known: dict[tuple[str, str], str] | None = None
) -> tuple[list[Compared], list[Group]]:
    """What should be there beside what is there, and the groups of cards that count for no item (2.2).

    `known` remembers for which item a name and a class count, between sites that should have the same.
    """
    items = [item for item, _changed in should]
    known = {} if known is None else known
    quantities: dict[str, int] = {}
    cards: dict[str, int] = {}
    other: list[Group] = []
    for group in groups:
        code = known.get(group[:2])
        if code is None:
            code = known[group[:2]] = item_of(group.name, group.class_code, items)
        if not code:
            other.append(group)
            continue
        quantities[code] = quantities.get(code, 0) + group.quantity_milli
        cards[code] = cards.get(code, 0) + group.cards
    compared = []
    for item, changed in should:
        has = quantities.get(item.code, 0)
        standing = Standing.ENOUGH
        if has < item.quantity_milli:
            standing = Standing.MISSING
        elif has > item.most_milli:
            standing = Standing.SURPLUS
        compared.append(Compared(item, changed, has, cards.get(item.code, 0), standing.value))
    return compared, other


def may_follow(before: str, after: str) -> bool:
    """Whether a state may follow another (2.2)."""
    return after in NEXT.get(before, frozenset())


def may_begin(since: date, on: date, present_since: date | None) -> str:
    """Why a period may not begin on a day, as a word: LATER than today, EARLIER than what holds; blank if it may."""
    if since > on:
        return "LATER"
    if present_since is not None and since < present_since:
        return "EARLIER"
    return ""


def spread(quantity_milli: int, portions: Sequence[Portion]) -> str:
    """Why portions can't take a lot apart, as a word: NONE given, a site TWICE, DIFFER from the lot; blank if they can.

    A lot that goes to one place as a whole is moved, not split: ONE (2.2).
    """
    given = [portion for portion in portions if portion.quantity_milli]
    if not given:
        return "NONE"
    if any(portion.quantity_milli < 0 for portion in given):
        return "NEGATIVE"
    sites = [portion.site for portion in given]
    if len(set(sites)) < len(sites):
        return "TWICE"
    if sum(portion.quantity_milli for portion in given) != quantity_milli:
        return "DIFFER"
    return "ONE" if len(given) == 1 else ""
