"""Rules of income in plain Python: allocation, ages, splitting by right, terms, the arithmetic of a settlement."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from mingchan.kernel import money

AGES = (("D30", 30), ("D90", 90), ("D180", 180), ("D365", 365))
"""Steps of ages with their last day; beyond is OVER, before the day after it is due NOT_DUE."""


class Open(NamedTuple):
    """A receivable that isn't settled: what is open of it, in fen."""

    id: int
    due_on: date
    open_fen: int


class Allocation(NamedTuple):
    """What goes to the receivables by id, and what is left as credit (预收)."""

    parts: Mapping[int, int]
    left_fen: int


def allocate(amount_fen: int, rows: Sequence[Open]) -> Allocation:
    """Spread an amount over receivables, the oldest due first, by id within a day (2.5a).

    Nothing is negative and no part exceeds what is open; parts and rest add up to the amount.
    """
    left, parts = amount_fen, {}
    for row in sorted(rows, key=lambda row: (row.due_on, row.id)):
        part = min(left, row.open_fen)
        if part > 0:
            parts[row.id] = part
            left -= part
    return Allocation(parts, left)


def choice_fault(amount_fen: int, chosen: Mapping[int, int], rows: Sequence[Open]) -> str | None:
    """What is wrong with parts chosen by hand: unknown, not_positive, too_much, over_amount; None when nothing is."""
    known = {row.id: row.open_fen for row in rows}
    for key, fen in chosen.items():
        if key not in known:
            return "unknown"
        if fen <= 0:
            return "not_positive"
        if fen > known[key]:
            return "too_much"
    return "over_amount" if sum(chosen.values()) > amount_fen else None


def days_over(due_on: date, on: date) -> int:
    """Whole days past the due day, 0 on the day itself and before."""
    return max((on - due_on).days, 0)


def age_of(due_on: date, on: date) -> str:
    """The step of age that a due day has on a day."""
    days = days_over(due_on, on)
    if days == 0:
        return "NOT_DUE"
    return next((name for name, last in AGES if days <= last), "OVER")


def age_span(age: str, on: date) -> tuple[date | None, date | None]:
    """The first and the last due day of a step of age on a day, None where it has no end: the way back of `age_of`."""
    if age == "NOT_DUE":
        return on, None
    if age == "OVER":
        return None, on - timedelta(days=AGES[-1][1] + 1)
    place = [name for name, _last in AGES].index(age)
    newest = 1 if place == 0 else AGES[place - 1][1] + 1
    return on - timedelta(days=AGES[place][1]), on - timedelta(days=newest)


class Holding(NamedTuple):
    """A share of the income right of an asset on a day."""

    party: int
    numerator: int
    denominator: int


class Let(NamedTuple):
    """An asset under a contract: its weight (original value in fen), its division, and who holds its income right."""

    asset: int
    weight: int
    division: str
    holders: tuple[Holding, ...]


Place = tuple[str, int]
"""A division and a party."""


def weights(lets: Sequence[Let], creditor: int, division: str) -> list[tuple[Place, int, int]]:
    """How income of a contract falls to the holders of the income right: (division and party, numerator, denominator).

    By the original value of its assets (equally when none has a value), then by the shares of the right. What nobody
    holds falls to the creditor, so the fractions make a whole.
    """
    if not lets:
        return [((division, creditor), 1, 1)]
    whole = sum(let.weight for let in lets)
    parts: list[tuple[Place, int, int]] = []
    for let in lets:
        weight, total = (let.weight, whole) if whole else (1, len(lets))
        if not weight:
            continue
        held, bottom = 0, 1
        for holding in let.holders:
            bottom = holding.denominator
            held += holding.numerator
            parts.append(((let.division, holding.party), weight * holding.numerator, total * holding.denominator))
        if held < bottom:
            parts.append(((let.division, creditor), weight * (bottom - held), total * bottom))
    return parts


def split(fen: int, parts: Sequence[tuple[Place, int, int]]) -> dict[Place, int]:
    """An amount by fractions that make a whole, in whole fen by largest remainder, summed by place, in their order."""
    bottom = 1
    for _place, _numerator, denominator in parts:
        bottom = bottom * denominator // _gcd(bottom, denominator)
    shares: dict[Place, int] = {}
    for place, numerator, denominator in parts:
        shares[place] = shares.get(place, 0) + numerator * (bottom // denominator)
    places = sorted(shares)
    return dict(zip(places, money.split(fen, [shares[place] for place in places]), strict=True))


def _gcd(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one


class Year(NamedTuple):
    """A year of a contract or holder in fen: what was open before, fell due, was given up, came in, is open after."""

    opening: int
    due: int
    reduced: int
    received: int

    @property
    def arrears(self) -> int:
        """What is open at the end: 收 = 应收 − 欠收, to the fen."""
        return self.opening + self.due - self.reduced - self.received


def remitted_of_year(received_before: int, received: int, remitted_in_all: int) -> int:
    """How much of a year's receipts has been remitted, when money is remitted in the order in which it came in."""
    return min(max(remitted_in_all - received_before, 0), received)


def not_remitted(receipts: Sequence[tuple[date, int]], remitted: int, on: date, days: int) -> tuple[int, int]:
    """What is still to be remitted, and how much of it is past its term: receipts by day, the oldest remitted first.

    Negative receipts (returned payments) lessen what is to be remitted. Money received on a day is to be remitted
    within `days` days.
    """
    whole = sum(fen for _day, fen in receipts)
    old = sum(fen for day, fen in receipts if (on - day).days > days)
    return whole - remitted, max(min(old - remitted, whole - remitted), 0)


def deadline(year: int, month: int) -> date:
    """The last day of the month by which a year is to be settled: 31 March of the next (3.4.3b)."""
    following = date(year + 1 + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
