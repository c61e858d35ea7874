"""Whether income agrees with the books and with the contracts (收益对账): on any day, with every difference by name.

Receivables, advances, deposits and what is due to the treasury each stand on an account; lines name their receivable
or receipt, so a difference leads to one.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.evidence.protection import Disagreement
from mingchan.foundation.ledger.models import Line
from mingchan.foundation.ledger.queries.balances import accounts_in_role
from mingchan.kernel.money import format_yuan
from mingchan.lifecycle.income import postings
from mingchan.lifecycle.income.choices import INCOME_KINDS, REDUCED, DueKind, EntryKind, RefundKind
from mingchan.lifecycle.income.models import Entry, Receipt, Receivable, Refund, Remittance
from mingchan.lifecycle.income.queries import contracts
from mingchan.lifecycle.income.queries.receipts import VILLAGE_KINDS

WHAT = {
    "receivables": gettext_lazy("应收账款"),
    "advances": gettext_lazy("预收账款"),
    "deposits": gettext_lazy("其他应付款（保证金）"),
    "treasury": gettext_lazy("应缴财政款"),
}
ROLES = {
    "receivables": (postings.RECEIVABLE, "receivable:", 1),
    "advances": (postings.ADVANCE, "receipt:", -1),
    "deposits": (postings.DEPOSIT, "receivable:", -1),
    "treasury": (postings.TREASURY, "", -1),
}
"""The account by role, how its lines name what they are about, and the side on which it grows."""


class Balance(NamedTuple):
    """One account over all books on a day: what income says, what the books say, in fen."""

    what: str
    income_fen: int
    ledger_fen: int

    @property
    def difference(self) -> int:
        """Income minus books; 0 when they agree."""
        return self.income_fen - self.ledger_fen


class Difference(NamedTuple):
    """One thing of which income and books say different amounts."""

    what: str
    obj: str
    income_fen: int
    ledger_fen: int


def _whole(rows: Any, field: str = "fen") -> int:
    return int(rows.aggregate(whole=Sum(field))["whole"] or 0)


def _lines(what: str, county: str, day: date) -> Any:
    """Lines of the account up to a day that are about income."""
    role, prefix, _sign = ROLES[what]
    accounts = accounts_in_role(role).filter(book__county=county)
    if what == "treasury":  # villages owe the treasury nothing of their income; their account may serve other debts
        accounts = accounts.exclude(book__owner__kind__in=VILLAGE_KINDS)
    accounts = accounts.values("account")
    rows = Line.objects.filter(account__in=accounts, voucher__day__lte=day, voucher__sealed=1)
    if prefix:
        return rows.filter(subject__startswith=prefix)
    return rows.filter(Q(subject__startswith="receivable:") | Q(subject__startswith="remittance:"))


def balances(county: str, day: date) -> list[Balance]:
    """The four accounts on a day, income beside books."""
    issued = Receivable.objects.filter(county=county, issued_on__lte=day)
    entries = Entry.objects.filter(county=county, day__lte=day)
    income, settled = issued.filter(kind__in=INCOME_KINDS), entries.filter(receivable__kind__in=INCOME_KINDS)
    deposits = entries.filter(receivable__kind=DueKind.DEPOSIT, receipt__isnull=False)
    refunds = Refund.objects.filter(county=county, day__lte=day)
    own = income.exclude(creditor__kind__in=VILLAGE_KINDS)
    gone = settled.filter(kind__in=(*REDUCED, EntryKind.CANCELLATION)).exclude(
        receivable__creditor__kind__in=VILLAGE_KINDS
    )
    found = {
        "receivables": _whole(income) - _whole(settled),
        "advances": _whole(Receipt.objects.filter(county=county, recorded_on__lte=day))
        - _whole(entries.filter(receipt__isnull=False))
        - _whole(refunds.exclude(kind=RefundKind.DEPOSIT)),
        "deposits": _whole(deposits) - _whole(refunds.filter(kind=RefundKind.DEPOSIT)),
        "treasury": _whole(own) - _whole(gone) - _whole(Remittance.objects.filter(county=county, remitted_on__lte=day)),
    }
    rows = []
    for what, fen in found.items():
        lines = _lines(what, county, day)
        booked = _whole(lines, "debit_fen") - _whole(lines, "credit_fen")
        rows.append(Balance(what, fen, ROLES[what][2] * booked))
    return rows


def _registered(what: str, county: str, day: date) -> dict[str, int]:
    """What income says of each receivable or receipt."""
    entries = Entry.objects.filter(county=county, day__lte=day)
    found: dict[str, int] = {}

    def add(prefix: str, rows: Any, key: str, sign: int) -> None:
        for name, fen in rows.order_by().values_list(key).annotate(whole=Sum("fen")):
            found[f"{prefix}:{name}"] = found.get(f"{prefix}:{name}", 0) + sign * int(fen)

    if what == "receivables":
        add("receivable", Receivable.objects.filter(county=county, issued_on__lte=day, kind__in=INCOME_KINDS), "pk", 1)
        add("receivable", entries.filter(receivable__kind__in=INCOME_KINDS), "receivable_id", -1)
    elif what == "advances":
        add("receipt", Receipt.objects.filter(county=county, recorded_on__lte=day), "pk", 1)
        add("receipt", entries.filter(receipt__isnull=False), "receipt_id", -1)
        refunds = Refund.objects.filter(county=county, day__lte=day).exclude(kind=RefundKind.DEPOSIT)
        add("receipt", refunds, "receipt_id", -1)
    elif what == "deposits":
        paid = entries.filter(receivable__kind=DueKind.DEPOSIT, receipt__isnull=False)
        add("receivable", paid, "receivable_id", 1)
        add("receivable", Refund.objects.filter(county=county, day__lte=day, deposit__isnull=False), "deposit_id", -1)
    return found


def differences(county: str, day: date, most: int = 200) -> list[Difference]:
    """Receivables and receipts of which the books say another amount on a day; none when the accounts agree."""
    found: list[Difference] = []
    for balance in balances(county, day):
        if balance.what == "treasury":
            if balance.difference:
                found.append(Difference(balance.what, "", balance.income_fen, balance.ledger_fen))
            continue
        sign = ROLES[balance.what][2]
        ours = _registered(balance.what, county, day)
        rows = _lines(balance.what, county, day).order_by().values_list("subject")
        theirs = {
            subject: sign * int(debit - credit)
            for subject, debit, credit in rows.annotate(debit=Sum("debit_fen"), credit=Sum("credit_fen"))
        }
        for obj in sorted({*ours, *theirs}):
            if ours.get(obj, 0) != theirs.get(obj, 0):
                found.append(Difference(balance.what, obj, ours.get(obj, 0), theirs.get(obj, 0)))
    return found[:most]


class Mismatch(NamedTuple):
    """A receivable whose due is no longer in its contract, or with another amount."""

    id: int
    label: str
    contract: int
    key: str
    fen: int
    due_fen: int | None


def mismatches(county: str, on: date) -> list[Mismatch]:
    """Receivables that stand though the contract's due was dropped or changed: to be cancelled and billed anew."""
    standing = list(Receivable.objects.filter(county=county, cancelled_on__isnull=True).order_by("id"))
    last = max((row.due_on for row in standing), default=on)
    known = {(due.contract_id, due.key): due.fen for due in contracts.dues(county, last)}
    found = []
    for row in standing:
        fen = known.get((row.contract_id, row.key))
        if fen != row.fen:
            found.append(Mismatch(row.pk, row.label, row.contract_id, row.key, row.fen, fen))
    return found


def faults() -> Iterator[Disagreement]:
    """What the verifier is told of income and books that don't agree, over all days."""
    counties = Receivable.objects.order_by("county").values_list("county", flat=True).distinct()
    for county in counties:
        for row in differences(county, date.max):
            yield Disagreement(
                row.obj or f"account:{row.what}",
                str(WHAT[row.what]),
                format_yuan(row.income_fen),
                format_yuan(row.ledger_fen),
                _("收益账与会计账不符"),
            )
