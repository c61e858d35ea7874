"""Money of a disposal (处置收支): what came in, what it cost, what the treasury gets, and when it got it (2.6.3).

Whoever recorded the result doesn't settle its money: 出纳、会计与经办分开.
"""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.money import LARGEST_FEN, format_yuan
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import events, permissions, postings
from mingchan.lifecycle.disposal.choices import DONE, Money
from mingchan.lifecycle.disposal.models import Disposal, MoneyEntry, Result
from mingchan.lifecycle.disposal.queries import standing, ways
from mingchan.lifecycle.disposal.services import locking
from mingchan.lifecycle.disposal.services.executing import post

CLAUSES = ("2.6.3",)


@transaction.atomic
def receive(
    disposal_id: int, fen: int, document_no: str, moved_on: date, note: str = "", *, actor: Actor, on: date
) -> MoneyEntry:
    """Record money that came in, with its receipt; never more than the result says. Raises Refusal, NotAllowed."""
    disposal, result = _open(disposal_id, actor)
    if not ways.kind(disposal.kind).brings_money:
        raise Refusal(_("这种处置方式没有收入"), clauses=CLAUSES)
    if standing.purse(disposal).received + fen > result.price_fen:
        raise Refusal(
            _("收款合计不能超过处置结果登记的 %(price)s 元") % {"price": format_yuan(result.price_fen)},
            clauses=CLAUSES,
            field="amount",
        )
    return _enter(disposal, Money.RECEIVED, fen, document_no, moved_on, note, actor=actor, on=on)


@transaction.atomic
def pay(
    disposal_id: int,
    kind: str,
    fen: int,
    document_no: str,
    moved_on: date,
    note: str = "",
    *,
    actor: Actor,
    on: date,
) -> MoneyEntry:
    """Record costs or taxes of a disposal, paid out of what came in. Raises Refusal, NotAllowed."""
    if kind not in (Money.COST, Money.TAX):
        raise Refusal(_("请选择费用或税费"), clauses=CLAUSES, field="kind")
    disposal, _result = _open(disposal_id, actor)
    return _enter(disposal, Money(kind), fen, document_no, moved_on, note, actor=actor, on=on)


@transaction.atomic
def close_account(disposal_id: int, *, actor: Actor, on: date) -> Disposal:
    """Close a disposal's account: what is left is due to the treasury, what is short is an expense of the unit.

    Raises Refusal while money of the result is still to come in, NotAllowed. Serves 2.6.3.
    """
    disposal, result = _open(disposal_id, actor)
    purse = standing.purse(disposal)
    if purse.received != result.price_fen:
        raise Refusal(
            _("还有 %(left)s 元未收到，不能结清") % {"left": format_yuan(result.price_fen - purse.received)},
            clauses=CLAUSES,
        )
    money = ways.kind(disposal.kind).money
    account = postings.DUE if money == "none" else money
    subject = str(Ref("disposal", disposal.pk))
    lines = postings.closed(account, purse.surplus, subject)
    post(disposal, "closed", lines, actor=actor, on=on, budget=postings.budget_closed(purse.surplus, subject))
    due = max(0, purse.surplus)
    changes = {"account_closed_on": on, "due_fen": due}
    locking.save(disposal, changes, events.CLOSED, actor=actor, on=on, facts={"amount": format_yuan(due)})
    return disposal


@transaction.atomic
def remit(
    disposal_id: int, fen: int, document_no: str, moved_on: date, note: str = "", *, actor: Actor, on: date
) -> MoneyEntry:
    """Record what was paid over to the treasury, with the number of its paper. Serves 2.6.3 (处置收入财政统一管理).

    Raises Refusal before the account is closed or beyond what is due, NotAllowed.
    """
    disposal = _may_settle(disposal_id, actor)
    if disposal.account_closed_on is None:
        raise Refusal(_("请先结清收支，再上缴财政"), clauses=CLAUSES)
    left = disposal.due_fen - standing.purse(disposal).remitted
    if fen > left:
        raise Refusal(_("应缴未缴只有 %(left)s 元") % {"left": format_yuan(left)}, clauses=CLAUSES, field="amount")
    return _enter(disposal, Money.REMITTED, fen, document_no, moved_on, note, actor=actor, on=on)


def note_printed(disposal: Disposal, form: str, *, actor: Actor, on: date) -> None:
    """Leave the trace of a paper that left the system."""
    evidence.record(
        events.PRINTED,
        Ref("disposal", disposal.pk),
        actor=actor,
        on=on,
        division=disposal.division_code,
        facts={"number": disposal.number, "form": form},
    )


def _may_settle(disposal_id: int, actor: Actor) -> Disposal:
    disposal = locking.locked(disposal_id, DONE, permissions.SETTLE, actor=actor)
    executor = Result.objects.values_list("account_id", flat=True).get(disposal=disposal)
    if actor.account_id is None or executor == actor.account_id:
        raise NotAllowed(_("登记处置结果的人不能登记收支"), clauses=("2.6.3", "4.1"))
    return disposal


def _open(disposal_id: int, actor: Actor) -> tuple[Disposal, Result]:
    disposal = _may_settle(disposal_id, actor)
    if disposal.account_closed_on is not None:
        raise Refusal(_("收支已经结清"), clauses=CLAUSES)
    return disposal, Result.objects.get(disposal=disposal)


def _enter(
    disposal: Disposal,
    kind: Money,
    fen: int,
    document_no: str,
    moved_on: date,
    note: str,
    *,
    actor: Actor,
    on: date,
) -> MoneyEntry:
    """Post the voucher and write the entry. Raises Refusal for an amount, day or number that can't be."""
    if not 0 < fen <= LARGEST_FEN:
        raise Refusal(_("金额应大于零"), clauses=CLAUSES, field="amount")
    if not document_no.strip():
        raise Refusal(_("请填写票据号或缴款书号"), clauses=CLAUSES, field="document_no")
    if disposal.executed_on is not None and not disposal.executed_on <= moved_on <= on:
        raise Refusal(_("日期应在处置实施之后、今天之前"), clauses=CLAUSES, field="moved_on")
    number = document_no.strip()[:80]
    if MoneyEntry.objects.filter(disposal=disposal, kind=kind, document_no=number).exists():
        raise Refusal(_("这个票据号已经登记过"), clauses=CLAUSES, field="document_no")
    subject = str(Ref("disposal", disposal.pk))
    money = ways.kind(disposal.kind).money
    account = postings.DUE if money == "none" else money
    if kind == Money.REMITTED:
        lines = postings.remitted(fen, subject)
    elif kind == Money.RECEIVED:
        lines = postings.received(account, fen, subject)
    else:
        lines = postings.paid(account, fen, subject)
    serial = MoneyEntry.objects.filter(disposal=disposal).count() + 1
    voucher = post(disposal, f"{kind.value}:{serial}", lines, actor=actor, on=on, day=moved_on)
    row = MoneyEntry(
        disposal=disposal,
        kind=kind,
        amount_fen=fen,
        moved_on=moved_on,
        document_no=number,
        note=note.strip()[:200],
        voucher=str(Ref("voucher", voucher or 0)),
        noted_by=actor.name,
    )
    try:
        with transaction.atomic():
            locking.add(
                disposal,
                row,
                events.MONEY,
                actor=actor,
                on=on,
                facts={"what": str(kind.label), "amount": format_yuan(fen)},
            )
    except IntegrityError as error:
        raise Refusal(_("这个票据号已经登记过"), clauses=CLAUSES, field="document_no") from error
    return row
