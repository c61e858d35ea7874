"""Ledgers by item and by year (分项、分年度台账), and the register held against the books (2.1.2, 2.2, 3.4.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from mingchan.foundation.ledger import queries as ledger
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import SixClass, Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries.filtering import RegisterFilter, bases

GROUPS = ("system", "tier", "six_class", "year")


@dataclass(frozen=True, slots=True)
class Figure:
    """One group of cards: how many, how much (thousandths), what they cost (fen)."""

    system: str
    tier: str
    six_class: str
    year: int
    count: int
    quantity_milli: int
    cost_fen: int


class Held(NamedTuple):
    """A class of the books: what the register has, what the general ledger has, in fen."""

    six_class: str
    register_fen: int
    ledger_fen: int


class Comparison(NamedTuple):
    """The register against the general ledger. Cards without an owner are in no book and stand apart."""

    classes: list[Held]
    unowned_fen: int
    unowned_count: int

    @property
    def register_fen(self) -> int:
        return sum(held.register_fen for held in self.classes)

    @property
    def ledger_fen(self) -> int:
        return sum(held.ledger_fen for held in self.classes)

    @property
    def is_equal(self) -> bool:
        return all(held.register_fen == held.ledger_fen for held in self.classes)


class Difference(NamedTuple):
    """A card whose cost in the register differs from what the books hold about it, in fen."""

    subject: str
    code: str
    name: str
    register_fen: int
    ledger_fen: int


def figures(filter: RegisterFilter, actor: Actor) -> list[Figure]:  # noqa: A002 - the name of the trade
    """The filtered cards grouped by system, tier, class and year, in this order."""
    found: dict[tuple[str, str, str, int], list[int]] = {}
    for cards in bases(filter, actor):
        rows = cards.order_by().values_list(*GROUPS).annotate(n=Count("pk"), q=Sum("quantity_milli"), c=Sum("cost_fen"))
        for *key, count, quantity, cost in rows:
            sums = found.setdefault((key[0], key[1], key[2], key[3]), [0, 0, 0])
            for index, value in enumerate((count, quantity, cost)):
                sums[index] += int(value)
    return [Figure(*key, *found[key]) for key in sorted(found)]


def against_ledger(actor: Actor) -> Comparison:
    """The whole county's register against its general ledger, by class of the books, today."""
    cards = Asset.objects.filter(county=actor.county, status=Status.ACTIVE).order_by()
    owned, unowned = Q(owner__isnull=False), Q(owner__isnull=True)
    sums = cards.values_list("six_class").annotate(
        owned=Sum("cost_fen", filter=owned, default=0),
        unowned=Sum("cost_fen", filter=unowned, default=0),
        without=Count("pk", filter=unowned),
    )
    found = list(sums)
    register = {six_class: cost for six_class, cost, _unowned, _without in found}
    books = ledger.visible_to(actor)
    held = [
        Held(
            value,
            int(register.get(value, 0)),
            ledger.balance_of_role("INTANGIBLE_COST" if value == SixClass.INTANGIBLE else f"ASSET_COST.{value}", books),
        )
        for value in SixClass.values
    ]
    return Comparison(held, sum(int(row[2]) for row in found), sum(int(row[3]) for row in found))


def differences(actor: Actor, most: int = 50) -> list[Difference]:
    """Cards on which register and books disagree, the first `most`; reads both whole, so it is asked for only when
    `against_ledger` shows a difference."""
    books = ledger.visible_to(actor)
    booked: dict[str, int] = {}
    for role in ("ASSET_COST", "INTANGIBLE_COST"):
        for subject, fen in ledger.balances_by_subject_sum(role, books):
            booked[subject] = booked.get(subject, 0) + fen
    found: list[Difference] = []
    for key, code, name, cost in _owned(actor):
        subject = str(Ref("asset", key))
        fen = booked.pop(subject, 0)
        if fen != cost and len(found) < most:
            found.append(Difference(subject, code, name, cost, fen))
    rest = [Difference(subject, "", "", 0, fen) for subject, fen in sorted(booked.items()) if fen]
    return (found + rest)[:most]


def _owned(actor: Actor) -> Iterator[tuple[int, str, str, int]]:
    cards = Asset.objects.filter(county=actor.county, status=Status.ACTIVE, owner__isnull=False).order_by("pk")
    return iter(cards.values_list("pk", "code", "name", "cost_fen").iterator(chunk_size=5000))
