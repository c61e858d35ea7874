"""Receipts by who holds the income right (收益归属, 2.5a): what distribution takes as the pool of a plan."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from mingchan.lifecycle.income import rules
from mingchan.lifecycle.income.choices import PAID, POOL_KINDS
from mingchan.lifecycle.income.models import Entry
from mingchan.lifecycle.income.queries.contracts import Register


class Received(NamedTuple):
    """What came in for a holder of the income right in a division, in fen; returned payments are taken off."""

    division_code: str
    holder_party_id: int
    fen: int


class Part(NamedTuple):
    """A contract's receipts of one day: the day decides who holds the right."""

    contract: int
    creditor: int
    division: str
    day: date
    fen: int


def parts(county: str, period_start: date, last_day: date, contract_ids: Iterable[int] | None = None) -> list[Part]:
    """Receipts of rent and shares in a period, by contract and day of the receipt."""
    rows = Entry.objects.filter(
        county=county,
        day__gte=period_start,
        day__lte=last_day,
        kind__in=PAID,
        receivable__kind__in=POOL_KINDS,
    )
    if contract_ids is not None:
        rows = rows.filter(receivable__contract__in=list(contract_ids))
    names = (
        "receivable__contract_id", "receivable__creditor_id", "receivable__division_code", "receipt__received_on",
    )  # fmt: skip
    grouped = rows.order_by(*names).values_list(*names).annotate(whole=Sum("fen"))
    return [Part(contract, creditor, division, day, int(fen)) for contract, creditor, division, day, fen in grouped]


def by_holder(found: Iterable[Part], register: Register) -> dict[int, dict[rules.Place, int]]:
    """Receipts by contract, and in it by division and holder: each part split to the fen by the rights of its day."""
    sums: dict[int, dict[rules.Place, int]] = {}
    for part in found:
        if part.fen == 0:
            continue
        weights = rules.weights(register.lets(part.contract, part.day), part.creditor, part.division)
        of_contract = sums.setdefault(part.contract, {})
        for place, fen in rules.split(part.fen, weights).items():
            of_contract[place] = of_contract.get(place, 0) + fen
    return sums


def received(*, county: str, period_start: date, last_day: date) -> list[Received]:
    """Receipts of rent and shares in a period by division and holder of the income right (2.5a), to the fen.

    A receipt is split over its contract's assets by original value and over their holders by share, as the register had
    them on the day of the receipt. Deposits and other income are not among it. The parts add up to the receipts.
    """
    found = parts(county, period_start, last_day)
    sums: dict[rules.Place, int] = {}
    for places in by_holder(found, Register(part.contract for part in found)).values():
        for place, fen in places.items():
            sums[place] = sums.get(place, 0) + fen
    return [Received(division, party, fen) for (division, party), fen in sorted(sums.items()) if fen]
