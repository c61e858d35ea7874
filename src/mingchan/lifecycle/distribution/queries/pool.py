"""What there is to distribute (可分配收益): receipts by income right that no plan holds yet (2.5a)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mingchan.kernel.refs import Ref
from mingchan.lifecycle.distribution.models import PoolRow
from mingchan.lifecycle.income.choices import PAID, POOL_KINDS
from mingchan.lifecycle.income.models import Entry
from mingchan.lifecycle.income.queries.contracts import Register
from mingchan.lifecycle.income.queries.holding import Part, by_holder


class Source(NamedTuple):
    """A part of a receipt that belongs to one holder of the income right, in fen; references are text of a Ref."""

    entry: str
    receipt: str
    contract: str
    holder: int
    division: str
    received_on: date
    fen: int


_ENTRY = (
    "id", "receipt_id", "receivable__contract_id", "receivable__creditor_id", "receivable__division_code", "day",
    "receipt__received_on", "fen",
)  # fmt: skip


def received(county: str, period_start: date, last_day: date) -> list[Source]:
    """Every receipt of rent or share of a period, split over the holders of the income right, distributed or not.

    Each entry of a receipt is split by itself as `income.queries.received` splits days, so that one which is recorded
    late, or a payment that went back, is a part of its own and no part changes afterwards.
    """
    rows = list(
        Entry.objects.filter(
            county=county,
            day__range=(period_start, last_day),
            kind__in=PAID,
            receivable__kind__in=POOL_KINDS,
        )
        .order_by("id")
        .values_list(*_ENTRY)
    )
    register = Register(row[2] for row in rows)
    found = []
    for entry, receipt, contract, creditor, division, day, received_on, fen in rows:
        for places in by_holder([Part(contract, creditor, division, received_on, fen)], register).values():
            for place, part in places.items():
                found.append(
                    Source(
                        str(Ref("income_entry", entry)),
                        str(Ref("receipt", receipt)),
                        str(Ref("contract", contract)),
                        place[1],
                        place[0],
                        day,
                        part,
                    )
                )
    return [source for source in found if source.fen]


def open_sources(county: str, period_start: date, last_day: date, holder: int | None = None) -> list[Source]:
    """Receipts of a period that no plan holds."""
    held = set(
        PoolRow.objects.filter(
            county=county, received_on__range=(period_start, last_day), released_on__isnull=True
        ).values_list("entry", "holder_id", "division_code")
    )
    return [
        source
        for source in received(county, period_start, last_day)
        if (source.entry, source.holder, source.division) not in held and holder in (None, source.holder)
    ]


def by_party(sources: Iterable[Source]) -> dict[int, int]:
    """What each holder of the income right has among sources, in fen; those with nothing left out."""
    found: dict[int, int] = {}
    for source in sources:
        found[source.holder] = found.get(source.holder, 0) + source.fen
    return {holder: fen for holder, fen in found.items() if fen > 0}


def open_by_holder(county: str, period_start: date, last_day: date) -> dict[int, int]:
    """What each holder of the income right has to distribute, in fen."""
    return by_party(open_sources(county, period_start, last_day))
