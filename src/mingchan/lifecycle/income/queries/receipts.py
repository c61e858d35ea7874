"""Receipts, credits, remittances and reminders as lists (收款、预收、上缴、催缴清单)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.income import permissions, rules
from mingchan.lifecycle.income.choices import INCOME_KINDS, PAID, LineState
from mingchan.lifecycle.income.models import Entry, Receipt, Refund, Reminder, Remittance, StatementLine

PAGE = 50
VILLAGE_KINDS = ("VILLAGE_COMMITTEE", "COLLECTIVE")
"""Whose income stays in the village's own book; all other income goes to the treasury."""


@dataclass(frozen=True, slots=True)
class ReceiptFilter:
    """What a list of receipts is limited to; empty means all."""

    year: int | None = None
    payer: int | None = None
    credit: bool = False

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> "ReceiptFilter":
        """From the parameters of an address; what is not understood is left out."""

        def whole(name: str) -> int | None:
            text = str(params.get(name, ""))
            return int(text) if text.isdecimal() and len(text) < 19 else None

        return cls(whole("year"), whole("payer"), params.get("credit") == "1")

    def parameters(self) -> dict[str, Any]:
        """The parameters of its address."""
        found = {name: value for name, value in asdict(self).items() if value is not None and value is not False}
        return found | ({"credit": "1"} if self.credit else {})


class Row(NamedTuple):
    """A receipt in a list."""

    id: int
    year: int
    number: int
    payer: int
    payer_name: str
    bank_account: str
    voucher_no: str
    received_on: date
    fen: int
    used_fen: int
    returned_on: date | None

    @property
    def label(self) -> str:
        """The number as papers name it."""
        return f"收款{self.year}-{self.number:06d}"

    @property
    def credit_fen(self) -> int:
        """What isn't used."""
        return self.fen - self.used_fen


_FIELDS = (
    "id", "year", "number", "payer_id", "payer__name", "bank_account", "voucher_no", "received_on", "fen", "used_fen",
    "returned_on",
)  # fmt: skip


def visible_to(actor: Actor) -> QuerySet[Receipt]:
    """Receipts the actor may see: of its divisions, an operator its own."""
    return Receipt.objects.filter(permissions.reach(actor, party="payer"), county=actor.county)


def filtered(wanted: ReceiptFilter, actor: Actor) -> QuerySet[Receipt]:
    """Receipts inside the filter that the actor may see."""
    rows = visible_to(actor)
    if wanted.year is not None:
        year = min(max(wanted.year, 1), 9998)
        rows = rows.filter(received_on__gte=date(year, 1, 1), received_on__lt=date(year + 1, 1, 1))
    if wanted.payer is not None:
        rows = rows.filter(payer=wanted.payer)
    return rows.filter(used_fen__lt=F("fen")) if wanted.credit else rows


def page(wanted: ReceiptFilter, actor: Actor, *, after: str = "", limit: int = PAGE) -> tuple[list[Row], str | None]:
    """A page of receipts, newest first, and the cursor of the next one."""
    rows = filtered(wanted, actor)
    day, _mark, key = after.rpartition("~")
    try:
        last, number = date.fromisoformat(day), int(key)
    except ValueError:
        pass
    else:
        rows = rows.filter(Q(received_on__lt=last) | Q(received_on=last, id__lt=number))
    found = [Row(*row) for row in rows.order_by("-received_on", "-id").values_list(*_FIELDS)[: limit + 1]]
    if len(found) <= limit:
        return found, None
    return found[:limit], f"{found[limit - 1].received_on}~{found[limit - 1].id}"


def every(wanted: ReceiptFilter, actor: Actor) -> Iterator[list[Row]]:
    """All pages, for a workbook."""
    after: str | None = ""
    while after is not None:
        rows, after = page(wanted, actor, after=after, limit=2000)
        yield rows


def totals(wanted: ReceiptFilter, actor: Actor) -> tuple[int, int, int]:
    """How many receipts, their fen without what was returned, and the unused part."""
    rows = filtered(wanted, actor).filter(returned_on__isnull=True)
    found = rows.aggregate(n=Count("pk"), fen=Sum("fen"), used=Sum("used_fen"))
    fen = int(found["fen"] or 0)
    return found["n"], fen, fen - int(found["used"] or 0)


def receipt(actor: Actor, receipt_id: int) -> Receipt:
    """One receipt. Raises NotFound when there is none or the actor may not see it."""
    found = visible_to(actor).select_related("payer", "creditor").filter(pk=receipt_id).first()
    if found is None:
        raise NotFound(_("没有这笔收款。"))
    return found


def entries(receipt_id: int) -> list[Entry]:
    """What a receipt settled, in order."""
    rows = Entry.objects.filter(receipt=receipt_id).select_related("receivable", "receivable__contract")
    return list(rows.order_by("id"))


def refunds(receipt_id: int) -> list[Refund]:
    """What of a receipt went back, in order."""
    return list(Refund.objects.filter(receipt=receipt_id).order_by("id"))


def credit_of(county: str, payer: int) -> int:
    """What a payer has paid ahead, in fen (预收)."""
    found = Receipt.objects.filter(county=county, payer=payer, used_fen__lt=F("fen")).aggregate(
        fen=Sum(F("fen") - F("used_fen"))
    )
    return int(found["fen"] or 0)


def remittances(actor: Actor, limit: int = 500) -> list[Remittance]:
    """Remittances to the treasury, newest first; for whoever sees the county."""
    if not permissions.sees_county(actor):
        return []
    rows = Remittance.objects.filter(county=actor.county).select_related("payer")
    return list(rows.order_by("-remitted_on", "-id")[:limit])


class ToRemit(NamedTuple):
    """What a body still has to remit (待上缴): in all, past its term, and since when."""

    payer: int
    name: str
    received_fen: int
    remitted_fen: int
    open_fen: int
    overdue_fen: int


def to_remit(county: str, on: date, payer: int | None = None) -> list[ToRemit]:
    """Each body that collects for the treasury: income received by a day, remitted, left, past its term (2.6.3)."""
    received = Entry.objects.filter(
        county=county, kind__in=PAID, receivable__kind__in=INCOME_KINDS, day__lte=on
    ).exclude(receivable__creditor__kind__in=VILLAGE_KINDS)
    sent = Remittance.objects.filter(county=county, remitted_on__lte=on)
    if payer is not None:
        received, sent = received.filter(receivable__creditor=payer), sent.filter(payer=payer)
    by_body: dict[int, list[tuple[date, int]]] = {}
    rows = received.order_by().values_list("receivable__creditor_id", "day").annotate(whole=Sum("fen"))
    for body, day, fen in rows:
        by_body.setdefault(body, []).append((day, int(fen)))
    remitted = dict(sent.order_by().values_list("payer_id").annotate(whole=Sum("fen")))
    names = dict(Party.objects.filter(pk__in=[*by_body, *remitted]).values_list("pk", "name"))
    days = policy.figure("income.remit_days")
    found = []
    for body in sorted({*by_body, *remitted}, key=lambda key: names[key]):
        paid = int(remitted.get(body, 0))
        left, late = rules.not_remitted(by_body.get(body, []), paid, on, days)
        whole = sum(fen for _day, fen in by_body.get(body, []))
        found.append(ToRemit(body, names[body], whole, paid, left, late))
    return found


def reminders(actor: Actor, limit: int = 500) -> list[Reminder]:
    """Reminders the actor may see, newest first."""
    rows = Reminder.objects.filter(permissions.reach(actor, party="operator"), county=actor.county)
    return list(rows.select_related("operator").order_by("-id")[:limit])


def reminder(actor: Actor, reminder_id: int) -> Reminder:
    """One reminder. Raises NotFound when there is none or the actor may not see it."""
    rows = Reminder.objects.filter(permissions.reach(actor, party="operator"), county=actor.county)
    found = rows.select_related("operator").filter(pk=reminder_id).first()
    if found is None:
        raise NotFound(_("没有这张催缴单。"))
    return found


def statement_lines(actor: Actor, *, waiting: bool = True, limit: int = 300) -> list[StatementLine]:
    """Lines of bank statements, those that wait or those that are settled, the newest day first."""
    if not permissions.sees_county(actor):
        return []
    rows = StatementLine.objects.filter(county=actor.county).select_related("receipt")
    rows = rows.filter(state=LineState.WAITING) if waiting else rows.exclude(state=LineState.WAITING)
    return list(rows.order_by("-day", "-id")[:limit])


def accounts_used(county: str) -> list[str]:
    """Accounts that money came into before, for choosing from."""
    rows = Receipt.objects.filter(county=county).order_by("bank_account").values_list("bank_account", flat=True)
    return list(rows.distinct()[:50])
