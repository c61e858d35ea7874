"""The schedule of a contract (缴付计划): what is owed for which period and when. Plain Python, whole fen.

A contract's months run from its first day: a contract of 15 April has its second month from 15 May. The rent of a
year is spread over its twelve months so that they sum to it; a month cut by the last day counts by its days. A payment
period is one, three, six or twelve such months, the last one what is left.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = {"MONTH": 1, "QUARTER": 3, "HALF": 6, "YEAR": 12}
"""So many months are a payment period."""
WHOLE_BP = 10_000
"""The whole in ten-thousandths."""


class Terms(NamedTuple):
    """What the schedule asks of a contract's terms. `steps` are (month from which, fen of a year), in order."""

    starts_on: date
    last_day: date
    yearly_fen: int
    every: str
    due_at: str
    due_days: int
    free_months: int
    steps: Sequence[tuple[int, int]] = ()


class Period(NamedTuple):
    """A payment period with what is owed for it."""

    starts_on: date
    last_day: date
    due_on: date
    fen: int


def month_start(first: date, months: int) -> date:
    """The day so many months after a day; the 31st becomes the last day of a shorter month."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def years_after(first: date, years: int) -> date:
    """The last day of a term of so many years that begins on a day."""
    return month_start(first, 12 * years) - timedelta(days=1)


def periods(starts_on: date, last_day: date, every: str) -> Iterator[tuple[date, date]]:
    """The payment periods of a term: first and last day of each."""
    index = 0
    while (first := month_start(starts_on, index)) <= last_day:
        index += MONTHS[every]
        yield first, min(month_start(starts_on, index) - timedelta(days=1), last_day)


def _of_month(terms: Terms, index: int) -> int:
    """The fen of the contract's month number `index` (0 is the first), before it is cut by the last day."""
    if index < terms.free_months:
        return 0
    yearly = terms.yearly_fen
    for month, fen in terms.steps:
        if index + 1 >= month:
            yearly = fen
    place = index % 12
    return yearly * (place + 1) // 12 - yearly * place // 12


def months(terms: Terms) -> Iterator[tuple[date, date, int]]:
    """The contract's months: first day, last day, fen."""
    index = 0
    while (first := month_start(terms.starts_on, index)) <= terms.last_day:
        after = month_start(terms.starts_on, index + 1)
        last, fen = min(after - timedelta(days=1), terms.last_day), _of_month(terms, index)
        if last < after - timedelta(days=1):
            fen = by_days(fen, (last - first).days + 1, (after - first).days)
        yield first, last, fen
        index += 1


def by_days(fen: int, days: int, whole: int) -> int:
    """The part of an amount for some of the days it is for, to the nearest fen, half up."""
    return (2 * fen * days + whole) // (2 * whole)


def rent(terms: Terms) -> list[Period]:
    """What is owed as fixed income, a period at a time; periods free of rent are left out."""
    found: list[Period] = []
    by_month = list(months(terms))
    for first, last in periods(terms.starts_on, terms.last_day, terms.every):
        fen = sum(amount for begins, _ends, amount in by_month if first <= begins <= last)
        if fen:
            base = first if terms.due_at == "START" else last
            found.append(Period(first, last, base + timedelta(days=terms.due_days), fen))
    return found


def share(fen: int, share_bp: int) -> int:
    """The lessor's share of a turnover or profit, to the nearest fen, half up; a loss gives nothing."""
    return by_days(max(fen, 0), share_bp, WHOLE_BP)


def key_of(kind: str, starts_on: date, edition: int) -> str:
    """The key of a period's due in its contract: `RENT-20200401`, with the version of the terms when it isn't the
    first, so that an amended amount is another due."""
    return f"{kind}-{starts_on:%Y%m%d}" + (f".{edition}" if edition > 1 else "")
