"""Compensation (赔偿): ordered, paid, and passed on when the case ends, each with its voucher (3.4.2)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Party
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import format_yuan
from mingchan.kernel.refs import Ref
from mingchan.oversight.jointwork import events, permissions, postings
from mingchan.oversight.jointwork.choices import Act
from mingchan.oversight.jointwork.drafts import OrderDraft
from mingchan.oversight.jointwork.models import Case, Order, Payment, Person
from mingchan.oversight.jointwork.queries import cases as reading
from mingchan.oversight.jointwork.services import cases

CLAUSES = ("3.4.2",)
VILLAGE = frozenset({PartyKind.VILLAGE_COMMITTEE, PartyKind.COLLECTIVE})


def _system(owner: Party) -> str:
    return "VILLAGE" if owner.kind in VILLAGE else "GOVERNMENT"


def _post(
    case: Case, owner: Party, lines: tuple[LineDraft, ...], summary: str, key: str, *, actor: Actor, on: date
) -> str:
    book = ledger.ensure_book(owner.pk, owner.name, owner.division_code, _system(owner), actor=actor, on=on)
    source = Ref("accountability", case.pk)
    draft = VoucherDraft(int(book.pk), on, summary[:200], lines, source, key, case.division_code)
    return str(ledger.post(draft, actor=actor, on=on).ref)


@transaction.atomic
def order(case_id: int, draft: OrderDraft, *, seen: int, actor: Actor, on: date) -> Order:
    """Order somebody responsible to pay; the claim is posted in the book of who was harmed (3.4.2).

    Raises NotFound, NotAllowed, Stale; Refusal for another case's person, more than the loss, or no document.
    """
    case, before = cases.locked(case_id, seen, Act.ORDER, permissions.HANDLE, actor=actor, on=on)
    person = Person.objects.filter(case=case, pk=draft.person_id).first()
    if person is None:
        raise Refusal(_("请从本案责任人中选择。"), clauses=CLAUSES, field="person")
    if not 0 < draft.fen <= reading.balance(case).unordered_fen:
        left = format_yuan(reading.balance(case).unordered_fen)
        words = _("责令赔偿须大于零，且不超过尚未责令的损失 %(left)s 元。") % {"left": left}
        raise Refusal(words, clauses=CLAUSES, field="fen")
    if draft.due_on < on:
        raise Refusal(_("缴款期限不能早于责令日期。"), clauses=CLAUSES, field="due_on")
    if not draft.document_no.strip():
        raise Refusal(_("请填写决定文号。"), clauses=CLAUSES, field="document_no")
    owner = Party.objects.filter(pk=draft.creditor_id, county=case.county).first()
    if owner is None:
        raise Refusal(_("请选择收款单位。"), clauses=CLAUSES, field="creditor")
    cases.keep_paper(case, draft.paper, actor=actor, on=on)
    number = Order.objects.filter(case=case).count() + 1
    summary = _("%(number)s 责令赔偿") % {"number": case.number}
    lines = postings.ordered(draft.fen, f"accountability:{case.pk}")
    voucher = _post(case, owner, lines, summary, f"accountability:{case.pk}:order:{number}", actor=actor, on=on)
    made = Order.objects.create(
        case=case,
        number=number,
        person=person,
        fen=draft.fen,
        ordered_on=on,
        due_on=draft.due_on,
        document_no=draft.document_no.strip()[:60],
        creditor=owner,
        voucher=voucher,
    )
    cases.done(
        case, before, Act.ORDER, events.ORDERED, text=f"{person.name_mask}，{made.document_no}", actor=actor, on=on,
        facts={"amount": format_yuan(made.fen)}, row=made,
    )  # fmt: skip
    return made


@transaction.atomic
def pay(
    case_id: int, order_id: int, fen: int, paid_on: date, receipt_no: str, *, seen: int, actor: Actor, on: date
) -> Payment:
    """Note compensation that came in, with its receipt and voucher (3.4.2).

    Raises NotFound, NotAllowed without `accountability.pay`, Stale; Refusal for more than is owed, a day before the
    order or to come, or no receipt.
    """
    case, before = cases.locked(case_id, seen, Act.PAY, permissions.PAY, actor=actor, on=on)
    row = next((one for one in reading.orders(case) if one.order.pk == order_id), None)
    if row is None:
        raise Refusal(_("请选择本案的责令赔偿决定。"), clauses=CLAUSES, field="order")
    if not 0 < fen <= row.owed_fen:
        words = _("金额须大于零，且不超过尚欠的 %(left)s 元。") % {"left": format_yuan(row.owed_fen)}
        raise Refusal(words, clauses=CLAUSES, field="fen")
    if not row.order.ordered_on <= paid_on <= on:
        raise Refusal(_("到账日期须在责令之后、今天以前。"), clauses=CLAUSES, field="paid_on")
    if not receipt_no.strip():
        raise Refusal(_("请填写收据号。"), clauses=CLAUSES, field="receipt_no")
    number = len(row.payments) + 1
    summary = _("%(number)s 收到赔偿款") % {"number": case.number}
    lines = postings.paid(fen, f"accountability:{case.pk}")
    key = f"accountability:{case.pk}:order:{row.order.number}:paid:{number}"
    voucher = _post(case, row.order.creditor, lines, summary, key, actor=actor, on=on)
    made = Payment.objects.create(
        order=row.order, number=number, fen=fen, paid_on=paid_on, receipt_no=receipt_no.strip()[:60], voucher=voucher
    )
    cases.done(
        case, before, Act.PAY, events.PAID, text=made.receipt_no, actor=actor, on=on,
        facts={"amount": format_yuan(fen)}, row=made,
    )  # fmt: skip
    return made


def _settle(case: Case, *, actor: Actor, on: date) -> None:
    """Pass what came in on to each creditor's treasury account, or make it a collective's own income."""
    sums: dict[int, int] = {}
    owners: dict[int, Party] = {}
    for row in reading.orders(case):
        owners[row.order.creditor_id] = row.order.creditor
        sums[row.order.creditor_id] = sums.get(row.order.creditor_id, 0) + row.order.fen
    for key, fen in sorted(sums.items()):
        owner = owners[key]
        lines = postings.closed(fen, _system(owner), f"accountability:{case.pk}")
        summary = _("%(number)s 办结，结转赔偿款") % {"number": case.number}
        _post(case, owner, lines, summary, f"accountability:{case.pk}:closed:{key}", actor=actor, on=on)


@transaction.atomic
def close(case_id: int, text: str, *, seen: int, actor: Actor, on: date) -> Case:
    """End a case: people named, the whole loss ordered and paid, which goes to its book's treasury account (3.4.2).

    Raises NotFound, NotAllowed, Stale; Refusal while anything of this is missing.
    """
    case, before = cases.locked(case_id, seen, Act.CLOSE, permissions.HANDLE, actor=actor, on=on)
    if len(text.strip()) < cases.LEAST_WORDS:
        raise Refusal(_("请写明处理结果。"), clauses=CLAUSES, field="text")
    _settle(case, actor=actor, on=on)
    case.closed_on = on
    return cases.done(case, before, Act.CLOSE, events.CASE_CLOSED, text=text.strip(), actor=actor, on=on)
