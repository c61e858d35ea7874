"""What there is to distribute (可分配收益): receipts by income right that no plan holds yet (2.5a)."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from mingchan.lifecycle.distribution.models import PoolRow


class Source(NamedTuple):
    """A part of a receipt that belongs to one holder of the income right, in fen; references are text of a Ref."""

    entry: str
    receipt: str
    contract: str
    holder: int
    division: str
    received_on: date
    fen: int


Reader = Callable[..., Iterable[Source]]


def _none(**_asked: object) -> Iterable[Source]:
    """Nothing was received."""
    return ()


_reader: Reader = _none


def read_from(reader: Reader) -> Reader:
    """Say where receipts come from: `reader(county=, period_start=, last_day=)`; returns the one before."""
    global _reader
    former, _reader = _reader, reader
    return former


def received(county: str, period_start: date, last_day: date) -> list[Source]:
    """Every receipt of a period by holder of the income right, distributed or not."""
    return sorted(_reader(county=county, period_start=period_start, last_day=last_day))


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


def open_by_holder(county: str, period_start: date, last_day: date) -> dict[int, int]:
    """What each holder of the income right has to distribute, in fen."""
    found: dict[int, int] = {}
    for source in open_sources(county, period_start, last_day):
        found[source.holder] = found.get(source.holder, 0) + source.fen
    return {holder: fen for holder, fen in found.items() if fen > 0}
