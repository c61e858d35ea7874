"""Who may have paid (缴款人、对账单认领): operators, what they owe, and whose money a line of a statement may be."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Q

from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.income.models import Receivable, StatementLine
from mingchan.lifecycle.income.queries import receivables
from mingchan.lifecycle.income.queries.receivables import ReceivableFilter, Row
from mingchan.lifecycle.operation.models import Contract


def payers(actor: Actor) -> list[tuple[int, str]]:
    """Operators of the county, by name: who has a contract or owes something."""
    let = Contract.objects.filter(county=actor.county).order_by().values("operator")
    owed = Receivable.objects.filter(county=actor.county).order_by().values("operator")
    rows = Party.objects.filter(Q(pk__in=let) | Q(pk__in=owed)).order_by("name", "pk")
    return list(rows.values_list("pk", "name"))


def owed(actor: Actor, payer: int, on: date, most: int = 200) -> list[Row]:
    """What a payer owes, the oldest first."""
    page = receivables.page(ReceivableFilter(operator=payer), actor, on, sort="due", limit=most * 5)
    return [row for row in page.rows if row.open_fen > 0][:most]


class Proposed(NamedTuple):
    """A line of a statement with who it may be of: by name, else by an amount that only one owes; None when unclear."""

    line: StatementLine
    payer: int | None
    name: str
    why: str


def proposed(actor: Actor, lines: Iterable[StatementLine]) -> list[Proposed]:
    """Each line with a proposal. A person confirms it; nothing is recorded by itself."""
    lines = list(lines)
    names: dict[str, list[tuple[int, str]]] = {}
    for key, name in payers(actor):
        names.setdefault(name, []).append((key, name))
    amounts = _amounts(actor, {line.fen for line in lines})
    found = []
    for line in lines:
        named = names.get(line.payer_name.strip(), [])
        if len(named) == 1:
            found.append(Proposed(line, *named[0], "name"))
        elif len(by_amount := amounts.get(line.fen, set())) == 1:
            found.append(Proposed(line, *next(iter(by_amount)), "amount"))
        else:
            found.append(Proposed(line, None, "", ""))
    return found


def _amounts(actor: Actor, wanted: set[int]) -> dict[int, set[tuple[int, str]]]:
    """Operators that owe exactly such an amount on one receivable."""
    rows: Any = receivables.visible_to(actor).filter(receivables.unsettled())
    rows = rows.annotate(open=F("fen") - F("settled_fen")).filter(open__in=wanted)
    found: dict[int, set[tuple[int, str]]] = {}
    for fen, key, name in rows.values_list("open", "operator_id", "operator__name"):
        found.setdefault(fen, set()).add((key, name))
    return found


def is_line(actor: Actor, line_id: int) -> bool:
    """Whether there is such a line in the county."""
    return StatementLine.objects.filter(pk=line_id, county=actor.county).exists()
