"""What is owed under contracts (应缴款项): the one source that income bills from (2.4.2a, 2.5a)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from mingchan.kernel.database import one_of
from mingchan.lifecycle.operation.choices import BINDING
from mingchan.lifecycle.operation.models import Charge


class Due(NamedTuple):
    """Something owed under a contract; `key` is unique in the contract and never means another amount."""

    contract_id: int
    key: str
    kind: str
    starts_on: date
    last_day: date
    due_on: date
    fen: int


def charges(county: str, contract_ids: Iterable[int] | None = None) -> "QuerySet[Charge]":
    """Charges that count, of contracts that took effect."""
    rows = Charge.objects.filter(county=county, dropped_on__isnull=True, contract__status__in=BINDING)
    return rows if contract_ids is None else rows.filter(contract__in=one_of(contract_ids, "bigint"))


def dues(*, county: str, contract_ids: Iterable[int] | None = None, until: date) -> list[Due]:
    """What is owed by a day, the earliest first. A share appears when the report of its period was accepted."""
    rows = charges(county, contract_ids).filter(due_on__lte=until).order_by("due_on", "id")
    names = ("contract_id", "key", "kind", "starts_on", "last_day", "due_on", "fen")
    return [Due(*row) for row in rows.values_list(*names)]
