"""What the verifier compares of income (2.5a), and the check of its sums against its entries."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.protection import Child, Disagreement, Protected
from mingchan.kernel.money import format_yuan
from mingchan.lifecycle.income.models import (
    Billing,
    Cancellation,
    Entry,
    Receipt,
    Receivable,
    Refund,
    Reminder,
    ReminderLine,
    Remission,
    Remittance,
    Settlement,
    SettlementLine,
    StatementLine,
)

BILLING = Protected("billing", Billing, label=("until",))
RECEIVABLE = Protected("receivable", Receivable, exclude=("settled_fen",), label=("key",))
RECEIPT = Protected("receipt", Receipt, exclude=("used_fen",), label=("voucher_no",))
CANCELLATION = Protected("cancellation", Cancellation, label=("reason",))
REMISSION = Protected("remission", Remission, label=("reason",))
ENTRY = Protected("income_entry", Entry, label=("kind",))
REFUND = Protected("refund", Refund, label=("reason",))
REMITTANCE = Protected("remittance", Remittance, label=("voucher_no",))
REMINDER = Protected(
    "reminder",
    Reminder,
    children=(Child(ReminderLine, "reminder", "lines", order=("receivable_id",), exclude=("id",)),),
    label=("number",),
)
SETTLEMENT = Protected(
    "income_settlement",
    Settlement,
    children=(Child(SettlementLine, "settlement", "lines", order=("contract_id", "holder_id"), exclude=("id",)),),
    label=("year",),
)
STATEMENT = Protected("statement_line", StatementLine, label=("reference",))

PROTECTED = (
    BILLING, RECEIVABLE, RECEIPT, CANCELLATION, REMISSION, ENTRY, REFUND, REMITTANCE, REMINDER, SETTLEMENT, STATEMENT,
)  # fmt: skip
"""The sums in `settled_fen` and `used_fen` follow the entries, which are protected; `faults` adds them up again."""


def _sum(rows: "QuerySet[Entry] | QuerySet[Refund]", field: str) -> Coalesce:
    summed = rows.filter(**{field: OuterRef("pk")}).order_by().values(field).annotate(whole=Sum("fen")).values("whole")
    return Coalesce(Subquery(summed), 0)


def faults() -> Iterator[Disagreement]:
    """Receivables and receipts whose sums aren't those of their entries and refunds."""
    owed = Receivable.objects.annotate(found=_sum(Entry.objects.all(), "receivable")).exclude(found=F("settled_fen"))
    for key, stored, found in owed.order_by("pk").values_list("pk", "settled_fen", "found"):
        yield Disagreement(
            f"receivable:{key}", "settled_fen", format_yuan(found), format_yuan(stored), _("应收已冲减数与明细不符")
        )
    refunds = Refund.objects.exclude(kind="DEPOSIT")
    paid = Receipt.objects.annotate(found=_sum(Entry.objects.all(), "receipt") + _sum(refunds, "receipt"))
    for key, stored, found in paid.exclude(found=F("used_fen")).order_by("pk").values_list("pk", "used_fen", "found"):
        yield Disagreement(
            f"receipt:{key}", "used_fen", format_yuan(found), format_yuan(stored), _("收款已使用数与明细不符")
        )
