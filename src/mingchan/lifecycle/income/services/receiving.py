"""Money that comes in (收款), is used (分摊、预收抵用) and goes back (退款), with vouchers in one transaction."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger_queries
from mingchan.foundation.ledger import services as ledger
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.money import LARGEST_FEN, format_yuan
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.income import events, permissions, postings, rules
from mingchan.lifecycle.income.choices import DueKind, EntryKind, RefundKind
from mingchan.lifecycle.income.drafts import ReceiptDraft
from mingchan.lifecycle.income.models import Entry, Receipt, Receivable, Refund
from mingchan.lifecycle.income.queries import receivables
from mingchan.lifecycle.income.queries.documents import RECEIPT, REFUND
from mingchan.lifecycle.income.services import books
from mingchan.lifecycle.operation.models import Contract

CLAUSES = ("2.5a",)
FAULTS = {
    "unknown": gettext_lazy("所选应收不属于这个缴款人，或已收清"),
    "not_positive": gettext_lazy("分摊金额应大于 0"),
    "too_much": gettext_lazy("分摊金额不能超过该笔应收的未收数"),
    "over_amount": gettext_lazy("分摊合计不能超过收款金额"),
}


@transaction.atomic
def receive(draft: ReceiptDraft, *, actor: Actor, on: date) -> Receipt:
    """Record money that came in and spread it over what the payer owes, the oldest first or as chosen (2.5a).

    What is left is credit (预收). Raises Refusal when the voucher number is there already, the amount isn't positive,
    the day is to come, the creditor is unclear, or a chosen part doesn't fit; NotAllowed without `income.receive`;
    NotFound for an unknown payer.
    """
    permissions.require(actor, permissions.RECEIVE)
    payer = Party.objects.filter(county=actor.county, pk=draft.payer).first()
    if payer is None:
        raise NotFound(_("没有这个缴款人。"))
    _check(draft, on)
    key = database.reserve_ids(Receipt, 1)  # the series is held until the transaction ends
    creditor = draft.creditor or _creditor(actor.county, payer.pk)
    rows = _locked(actor.county, payer.pk, creditor)
    open_rows = [rules.Open(row.pk, row.due_on, row.open_fen) for row in rows.values()]
    if draft.chosen is None:
        parts = rules.allocate(draft.fen, open_rows).parts
    else:
        parts = {row: fen for row, fen in draft.chosen.items() if fen}
        fault = rules.choice_fault(draft.fen, parts, open_rows)
        if fault is not None:
            raise Refusal(str(FAULTS[fault]), clauses=CLAUSES, field="fen")
    number = Receipt.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("number"))["last"] or 0
    receipt = Receipt(
        pk=key,
        county=actor.county,
        year=on.year,
        number=number + 1,
        creditor_id=creditor,
        payer=payer,
        division_code=payer.division_code,
        bank_account=draft.bank_account.strip(),
        voucher_no=draft.voucher_no.strip(),
        received_on=draft.received_on,
        fen=draft.fen,
        note=draft.note.strip(),
        recorded_on=on,
        recorded_by=actor.name,
        is_sample=draft.is_sample,
    )
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(
            _("凭证号 %(number)s 在这个账户已登记过收款，请核对") % {"number": draft.voucher_no.strip()},
            clauses=CLAUSES,
            field="voucher_no",
        ) from error
    evidence.record(
        events.RECEIVED,
        receipt.ref,
        actor=actor,
        on=on,
        after=protection.document(RECEIPT, receipt),
        division=receipt.division_code,
        facts={"payer": payer.name, "fen": format_yuan(receipt.fen), "voucher": receipt.voucher_no},
    )
    _enter(receipt, parts, rows, EntryKind.RECEIPT, actor, on)
    income, deposits = _apart(parts, rows)
    books.post(
        creditor,
        postings.received(receipt.pk, receipt.fen, income, deposits),
        _("收款：%(payer)s，凭证 %(number)s") % {"payer": payer.name, "number": receipt.voucher_no},
        source=receipt.ref,
        key=f"receipt:{receipt.pk}:received",
        day=on,
        actor=actor,
        on=on,
    )
    receipt.refresh_from_db()
    return receipt


def _check(draft: ReceiptDraft, on: date) -> None:
    if not 0 < draft.fen <= LARGEST_FEN:
        raise Refusal(_("收款金额应大于 0"), clauses=CLAUSES, field="fen")
    if draft.received_on > on:
        raise Refusal(_("到账日期不能晚于今天"), clauses=CLAUSES, field="received_on")
    if not draft.bank_account.strip():
        raise Refusal(_("请填写收款账户"), clauses=CLAUSES, field="bank_account")
    if not draft.voucher_no.strip():
        raise Refusal(_("请填写银行或国库凭证号"), clauses=CLAUSES, field="voucher_no")


def _creditor(county: str, payer: int) -> int:
    """Who the payer owes to: one creditor of its open receivables, else the lessor of its newest contract."""
    owed = Receivable.objects.filter(receivables.unsettled(), county=county, operator=payer).order_by()
    found = list(owed.values_list("creditor_id", flat=True).distinct()[:2])
    if len(found) > 1:
        raise Refusal(_("该缴款人对几个收款方都有欠款，请选择收款方"), clauses=CLAUSES, field="creditor")
    if not found:
        lessors = Contract.objects.filter(county=county, operator=payer).order_by("-id")
        found = list(lessors.values_list("lessor_id", flat=True)[:1])
    if not found:
        raise Refusal(_("该缴款人没有经营合同，请选择收款方"), clauses=CLAUSES, field="creditor")
    return int(found[0])


def _locked(county: str, payer: int, creditor: int) -> dict[int, Receivable]:
    """What the payer owes the creditor, held until the transaction ends, in the order of the due days."""
    rows = Receivable.objects.select_for_update(of=("self",)).filter(
        receivables.unsettled(), county=county, operator=payer, creditor=creditor
    )
    held = {row.pk: row for row in rows.order_by("id")}
    return dict(sorted(held.items(), key=lambda item: (item[1].due_on, item[0])))


def _enter(
    receipt: Receipt, parts: Mapping[int, int], rows: Mapping[int, Receivable], kind: str, actor: Actor, on: date
) -> None:
    for key, fen in parts.items():
        entry = Entry(
            county=receipt.county,
            receivable=rows[key],
            kind=kind,
            day=on,
            fen=fen,
            receipt=receipt,
            made_by=actor.name,
        )
        books.enter(entry, rows[key], actor=actor, on=on)


def _apart(parts: Mapping[int, int], rows: Mapping[int, Receivable]) -> tuple[dict[int, int], dict[int, int]]:
    """Parts that are income, and parts that are deposits."""
    deposits = {key: fen for key, fen in parts.items() if rows[key].kind == DueKind.DEPOSIT}
    return {key: fen for key, fen in parts.items() if key not in deposits}, deposits


def locked(receipt_id: int, actor: Actor) -> Receipt:
    """A receipt of the county, held until the transaction ends. Raises NotFound, NotAllowed without the right."""
    permissions.require(actor, permissions.RECEIVE)
    found = Receipt.objects.select_for_update(of=("self",)).filter(pk=receipt_id, county=actor.county).first()
    if found is None:
        raise NotFound(_("没有这笔收款。"))
    if found.returned_on is not None:
        raise Refusal(_("%(number)s已冲回") % {"number": found.label}, clauses=CLAUSES)
    return found


@transaction.atomic
def use_credit(payer: int, *, actor: Actor, on: date) -> int:
    """Use what a payer paid ahead for what it owes now, the oldest of both first; returns the fen used (2.5a).

    Raises NotAllowed without `income.receive`; Refusal when there is no credit or nothing is owed.
    """
    permissions.require(actor, permissions.RECEIVE)
    advances = Receipt.objects.select_for_update(of=("self",)).filter(
        county=actor.county, payer=payer, used_fen__lt=F("fen"), returned_on__isnull=True
    )
    used = 0
    for receipt in sorted(advances.order_by("id"), key=lambda row: (row.received_on, row.pk)):
        rows = _locked(actor.county, payer, receipt.creditor_id)
        open_rows = [rules.Open(row.pk, row.due_on, row.open_fen) for row in rows.values()]
        parts = rules.allocate(receipt.credit_fen, open_rows).parts
        if not parts:
            continue
        step = Entry.objects.filter(receipt=receipt).count()
        _enter(receipt, parts, rows, EntryKind.CREDIT, actor, on)
        income, deposits = _apart(parts, rows)
        books.post(
            receipt.creditor_id,
            postings.used(receipt.pk, income, deposits),
            _("预收抵用：%(number)s") % {"number": receipt.label},
            source=receipt.ref,
            key=f"receipt:{receipt.pk}:used:{step}",
            day=on,
            actor=actor,
            on=on,
        )
        used += sum(parts.values())
    if not used:
        raise Refusal(_("没有可抵用的预收款，或没有未收的应收"), clauses=CLAUSES)
    return used


@transaction.atomic
def refund(receipt_id: int, fen: int, voucher_no: str, reason: str, *, actor: Actor, on: date) -> Refund:
    """Pay unused credit back to the payer (退还预收款). Raises Refusal for more than the credit, or without voucher
    number or reason; NotAllowed without `income.receive`; NotFound."""
    receipt = locked(receipt_id, actor)
    _check_refund(fen, voucher_no, reason)
    if fen > receipt.credit_fen:
        raise Refusal(_("最多可退 %(fen)s 元") % {"fen": format_yuan(receipt.credit_fen)}, clauses=CLAUSES, field="fen")
    made = _refund(receipt, RefundKind.CREDIT, fen, voucher_no, reason, None, actor, on)
    books.post(
        receipt.creditor_id,
        postings.paid_back(receipt.pk, fen),
        _("退还预收款：%(number)s") % {"number": receipt.label},
        source=receipt.ref,
        key=f"refund:{made.pk}",
        day=on,
        actor=actor,
        on=on,
    )
    return made


@transaction.atomic
def return_deposit(receivable_id: int, fen: int, voucher_no: str, reason: str, *, actor: Actor, on: date) -> Refund:
    """Pay a deposit back (退还保证金): a debt that ends, no income. Raises Refusal for more than what is held."""
    permissions.require(actor, permissions.RECEIVE)
    found = (
        Receivable.objects.select_for_update(of=("self",))
        .filter(pk=receivable_id, county=actor.county, kind=DueKind.DEPOSIT)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这笔保证金。"))
    _check_refund(fen, voucher_no, reason)
    held = deposit_held(found.pk)
    if fen > held:
        raise Refusal(_("现存保证金 %(fen)s 元") % {"fen": format_yuan(held)}, clauses=CLAUSES, field="fen")
    paid = Entry.objects.filter(receivable=found, receipt__isnull=False, receipt__returned_on__isnull=True)
    receipt = locked(int(paid.order_by("-id").values_list("receipt_id", flat=True)[0]), actor)
    made = _refund(receipt, RefundKind.DEPOSIT, fen, voucher_no, reason, found, actor, on)
    books.post(
        found.creditor_id,
        postings.deposit_returned(found.pk, receipt.pk, fen),
        _("退还保证金：%(number)s") % {"number": found.label},
        source=receipt.ref,
        key=f"refund:{made.pk}",
        day=on,
        actor=actor,
        on=on,
    )
    return made


def deposit_held(receivable_id: int) -> int:
    """What is held of a deposit: what came in for it without what went back."""
    paid = Entry.objects.filter(receivable=receivable_id, receipt__isnull=False).aggregate(fen=Sum("fen"))["fen"]
    back = Refund.objects.filter(deposit=receivable_id).aggregate(fen=Sum("fen"))["fen"]
    return int(paid or 0) - int(back or 0)


def _check_refund(fen: int, voucher_no: str, reason: str) -> None:
    if fen <= 0:
        raise Refusal(_("退款金额应大于 0"), clauses=CLAUSES, field="fen")
    if not voucher_no.strip():
        raise Refusal(_("请填写付款凭证号"), clauses=CLAUSES, field="voucher_no")
    if not reason.strip():
        raise Refusal(_("请填写退款原因"), clauses=CLAUSES, field="reason")


def _refund(
    receipt: Receipt,
    kind: str,
    fen: int,
    voucher_no: str,
    reason: str,
    deposit: Receivable | None,
    actor: Actor,
    on: date,
) -> Refund:
    made = Refund.objects.create(
        county=receipt.county,
        receipt=receipt,
        kind=kind,
        deposit=deposit,
        fen=fen,
        day=on,
        voucher_no=voucher_no.strip(),
        reason=reason.strip(),
        made_by=actor.name,
    )
    evidence.record(
        events.REFUNDED,
        Ref("refund", made.pk),
        actor=actor,
        on=on,
        after=protection.document(REFUND, made),
        division=receipt.division_code,
        facts={"number": receipt.label, "fen": format_yuan(fen), "reason": made.reason},
    )
    return made


@transaction.atomic
def return_payment(receipt_id: int, reason: str, *, actor: Actor, on: date) -> Refund:
    """Take back a payment that the bank returned or that was recorded wrongly (退票、误登): what it settled is open
    again from `on`, and its vouchers are reversed in red.

    Raises Refusal when some of it was paid back already or no reason is given; NotAllowed; NotFound.
    """
    receipt = locked(receipt_id, actor)
    if not reason.strip():
        raise Refusal(_("请填写冲回原因"), clauses=CLAUSES, field="reason")
    if Refund.objects.filter(receipt=receipt).exists():
        raise Refusal(_("%(number)s已有退款，不能整笔冲回") % {"number": receipt.label}, clauses=CLAUSES)
    settled = (
        Entry.objects.filter(receipt=receipt)
        .order_by("receivable_id")
        .values_list("receivable_id")
        .annotate(whole=Sum("fen"))
    )
    parts = {key: int(fen) for key, fen in settled if fen}
    rows = {
        row.pk: row for row in Receivable.objects.select_for_update(of=("self",)).filter(pk__in=parts).order_by("id")
    }
    before = protection.document(RECEIPT, receipt)
    _enter(receipt, {key: -fen for key, fen in parts.items()}, rows, EntryKind.RELEASE, actor, on)
    made = _refund(receipt, RefundKind.RETURNED, receipt.fen, "", reason, None, actor, on)
    for voucher in ledger_queries.of_source(receipt.ref).filter(reverses__isnull=True, reversal__isnull=True):
        ledger.reverse(voucher.pk, reason.strip(), actor=actor, on=on)
    receipt.refresh_from_db()
    receipt.returned_on = on
    receipt.save(update_fields=["returned_on"])
    evidence.record(
        events.RETURNED,
        receipt.ref,
        actor=actor,
        on=on,
        before=before,
        after=protection.document(RECEIPT, receipt),
        division=receipt.division_code,
        reason=reason.strip(),
        facts={"number": receipt.label, "reason": reason.strip()},
    )
    return made
