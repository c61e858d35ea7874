"""A year of income (年度收益) by contract and holder, what it is settled from, and the settlements (3.4.3b).

A due counts in the year in which it was issued, as in the books; receipts in the year in which they were booked.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.income import permissions, rules
from mingchan.lifecycle.income.choices import INCOME_KINDS, PAID, REDUCED, EntryKind, SettlementState
from mingchan.lifecycle.income.models import Entry, Receivable, Remittance, Settlement, SettlementLine
from mingchan.lifecycle.income.queries import holding
from mingchan.lifecycle.income.queries.contracts import Register
from mingchan.lifecycle.income.queries.receipts import VILLAGE_KINDS


class Line(NamedTuple):
    """A contract and a holder in a year, in fen."""

    contract: int
    holder: int
    opening_fen: int
    due_fen: int
    reduced_fen: int
    received_fen: int
    arrears_fen: int
    remitted_fen: int
    distributable_fen: int


AMOUNTS = (
    "opening_fen", "due_fen", "reduced_fen", "received_fen", "arrears_fen", "remitted_fen", "distributable_fen",
)  # fmt: skip


def span(year: int) -> tuple[date, date]:
    """First and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


Pair = tuple[int, int]
"""A contract and a creditor."""


def _sums(rows: Any, prefix: str = "") -> dict[Pair, int]:
    names = (f"{prefix}contract_id", f"{prefix}creditor_id")
    found = rows.order_by().values_list(*names).annotate(whole=Sum("fen"))
    return {(contract, creditor): int(fen) for contract, creditor, fen in found}


def by_contract(county: str, year: int) -> dict[Pair, rules.Year]:
    """The year of every contract and creditor with anything to say, from the rows themselves."""
    first, last = span(year)
    issued = Receivable.objects.filter(county=county, kind__in=INCOME_KINDS, issued_on__lte=last)
    entries = Entry.objects.filter(county=county, receivable__kind__in=INCOME_KINDS, day__lte=last)
    before, within = issued.filter(issued_on__lt=first), issued.filter(issued_on__gte=first)
    old, new = entries.filter(day__lt=first), entries.filter(day__gte=first)
    of = "receivable__"
    parts = {
        "opened": _sums(before),
        "closed": _sums(old, of),
        "issued": _sums(within),
        "cancelled": _sums(new.filter(kind=EntryKind.CANCELLATION), of),
        "reduced": _sums(new.filter(kind__in=REDUCED), of),
        "received": _sums(new.filter(kind__in=PAID), of),
    }
    found = {}
    for pair in sorted({pair for sums in parts.values() for pair in sums}):
        part = {name: sums.get(pair, 0) for name, sums in parts.items()}
        row = rules.Year(
            part["opened"] - part["closed"], part["issued"] - part["cancelled"], part["reduced"], part["received"]
        )
        if any(row):
            found[pair] = row
    return found


def remitted_by_creditor(county: str, year: int, on: date) -> dict[int, int]:
    """Of each body's receipts of a year, how much went to the treasury by a day: money goes in the order it came."""
    first, last = span(year)
    came = Entry.objects.filter(county=county, kind__in=PAID, receivable__kind__in=INCOME_KINDS, day__lte=last)
    came = came.exclude(receivable__creditor__kind__in=VILLAGE_KINDS)
    before = dict(
        came.filter(day__lt=first).order_by().values_list("receivable__creditor_id").annotate(whole=Sum("fen"))
    )
    within = dict(
        came.filter(day__gte=first).order_by().values_list("receivable__creditor_id").annotate(whole=Sum("fen"))
    )
    sent = dict(
        Remittance.objects.filter(county=county, remitted_on__lte=on)
        .order_by()
        .values_list("payer_id")
        .annotate(whole=Sum("fen"))
    )
    return {
        body: rules.remitted_of_year(int(before.get(body, 0)), int(fen), int(sent.get(body, 0)))
        for body, fen in within.items()
    }


def lines(county: str, year: int, on: date) -> list[Line]:
    """The settlement of a year: for each contract and holder of the income right, adding up to the fen (3.4.3b)."""
    first, last = span(year)
    found = by_contract(county, year)
    register = Register(contract for contract, _creditor in found)
    pool = holding.by_holder(holding.parts(county, first, last), register)
    sent = _remitted(found, remitted_by_creditor(county, year, on))
    rows: dict[Pair, list[int]] = {}
    divisions = dict(
        Receivable.objects.filter(county=county, contract__in={contract for contract, _creditor in found})
        .order_by("contract_id")
        .values_list("contract_id", "division_code")
    )
    for contract in dict.fromkeys(contract for contract, _creditor in found):
        of_contract = {creditor: row for (key, creditor), row in found.items() if key == contract}
        distributable: dict[int, int] = {}
        for (_division, holder), fen in pool.get(contract, {}).items():
            distributable[holder] = distributable.get(holder, 0) + fen
        for creditor, row in of_contract.items():
            weights = rules.weights(register.lets(contract, last), creditor, divisions[contract])
            for place, part in _split(row, weights).items():
                amounts = rows.setdefault((contract, place), [0] * 7)
                for index, fen in enumerate(part):
                    amounts[index] += fen
        _receipts(rows, contract, of_contract, distributable)
        _spread(rows, contract, sent.get(contract, 0))
    return [Line(*pair, *amounts) for pair, amounts in sorted(rows.items()) if any(amounts)]


def _split(row: rules.Year, weights: Any) -> dict[int, tuple[int, int, int]]:
    """Opening, due and reduced by holder."""
    parts: dict[int, list[int]] = {}
    for index, fen in enumerate((row.opening, row.due, row.reduced)):
        for (_division, holder), share in rules.split(fen, weights).items():
            parts.setdefault(holder, [0, 0, 0])[index] += share
    return {holder: (part[0], part[1], part[2]) for holder, part in parts.items()}


def _receipts(
    rows: dict[Pair, list[int]], contract: int, years: Mapping[int, rules.Year], distributable: Mapping[int, int]
) -> None:
    """Receipts of the pool go to their holders of the day, other income to the creditor; then what is open."""
    for holder, fen in distributable.items():
        amounts = rows.setdefault((contract, holder), [0] * 7)
        amounts[3] += fen
        amounts[6] += fen
    other = sum(row.received for row in years.values()) - sum(distributable.values())
    if other:
        rows.setdefault((contract, next(iter(years))), [0] * 7)[3] += other
    for (key, _holder), amounts in rows.items():
        if key == contract:
            amounts[4] = amounts[0] + amounts[1] - amounts[2] - amounts[3]


def _remitted(found: Mapping[Pair, rules.Year], by_body: Mapping[int, int]) -> dict[int, int]:
    """What went to the treasury, by contract in proportion to its receipts."""
    sent: dict[int, int] = {}
    for body, fen in by_body.items():
        received = {
            contract: row.received
            for (contract, creditor), row in found.items()
            if creditor == body and row.received > 0
        }
        if received and fen:
            for contract, part in zip(received, money.split(fen, list(received.values())), strict=True):
                sent[contract] = sent.get(contract, 0) + part
    return sent


def _spread(rows: dict[Pair, list[int]], contract: int, fen: int) -> None:
    """A contract's remitted money over its holders in proportion to their receipts."""
    received = {pair: amounts[3] for pair, amounts in rows.items() if pair[0] == contract and amounts[3] > 0}
    if fen and received:
        for pair, part in zip(received, money.split(fen, list(received.values())), strict=True):
            rows[pair][5] += part


def digest(year: int, rows: Iterable[Line]) -> str:
    """The digest of a settlement's lines: what both bodies sign."""
    return sha256(orjson.dumps([year, [list(row) for row in rows]])).hexdigest()


def deadline(year: int) -> date:
    """The last day for settling a year: 31 March of the next (3.4.3b)."""
    return rules.deadline(year, policy.figure("stocktake.deadline_month"))


class State(NamedTuple):
    """A year in the list of settlements."""

    year: int
    settlement: Settlement | None
    due_on: date
    is_overdue: bool


def settlements(county: str, on: date) -> list[State]:
    """Every ended year since the first receivable, newest first, with its settlement and whether it is late (R17)."""
    first = Receivable.objects.filter(county=county).order_by("issued_on").values_list("issued_on", flat=True).first()
    known = {row.year: row for row in Settlement.objects.filter(county=county)}
    years = {*known, *range(first.year if first else on.year, on.year)}
    found = []
    for year in sorted(years, reverse=True):
        row, due_on = known.get(year), deadline(year)
        late = (row is None or row.state != SettlementState.CLOSED) and on > due_on
        found.append(State(year, row, due_on, late))
    return found


def settlement(actor: Actor, year: int) -> Settlement:
    """A year's settlement, for whoever sees the county. Raises NotFound."""
    found = Settlement.objects.filter(county=actor.county, year=year).first()
    if found is None or not permissions.sees_county(actor):
        raise NotFound(_("没有这一年的收益清算。"))
    return found


def settlement_lines(found: Settlement) -> list[SettlementLine]:
    """The lines of a settlement by contract and holder."""
    rows = SettlementLine.objects.filter(settlement=found).select_related("contract", "holder")
    return list(rows.order_by("contract_id", "holder_id"))


def kept(found: Settlement) -> list[Line]:
    """The lines as they were digested."""
    rows = SettlementLine.objects.filter(settlement=found).order_by("contract_id", "holder_id")
    return [Line(*row) for row in rows.values_list("contract_id", "holder_id", *AMOUNTS)]


class Figures(NamedTuple):
    """A year in short, in fen."""

    year: int
    due_fen: int
    received_fen: int
    reduced_fen: int


def figures(actor: Actor, first: int, last: int) -> list[Figures]:
    """What was issued, received and given up in each year, as the actor may see it."""
    reach = permissions.reach(actor, party="operator")
    entry_reach = permissions.reach(actor, party="receivable__operator", division="receivable__division_code")
    issued = Receivable.objects.filter(
        reach, county=actor.county, kind__in=INCOME_KINDS, cancelled_on__isnull=True, issued_on__gte=date(first, 1, 1)
    )
    due = _by_year(issued, "issued_on")
    entries = Entry.objects.filter(
        entry_reach, county=actor.county, receivable__kind__in=INCOME_KINDS, day__gte=date(first, 1, 1)
    )
    received, reduced = (
        _by_year(entries.filter(kind__in=PAID), "day"),
        _by_year(entries.filter(kind__in=REDUCED), "day"),
    )
    return [
        Figures(year, due.get(year, 0), received.get(year, 0), reduced.get(year, 0)) for year in range(first, last + 1)
    ]


def _by_year(rows: Any, field: str) -> dict[int, int]:
    found = rows.order_by().values_list(F(f"{field}__year")).annotate(whole=Sum("fen"))
    return {int(year): int(fen) for year, fen in found}


def first_year(county: str, on: date) -> int:
    """The year of the first receivable, this year when there is none."""
    first = Receivable.objects.filter(county=county).order_by("issued_on").values_list("issued_on", flat=True).first()
    return first.year if first else on.year
