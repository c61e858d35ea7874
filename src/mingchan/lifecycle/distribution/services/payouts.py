"""Paying out (发放到户、用途支出): lists, payments with their proof, what comes back, and what other uses spend (2.5a).

Nothing is paid before the finance bureau has the plan on file, and nobody is paid twice: said here in the user's words
and by the database.
"""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.money import format_yuan
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.distribution import events, pack, permissions, postings
from mingchan.lifecycle.distribution.choices import PaymentMethod, PaymentStatus, PlanStatus
from mingchan.lifecycle.distribution.drafts import SpendingDraft
from mingchan.lifecycle.distribution.models import Payment, PayoutList, Plan, PlanLine, Spending
from mingchan.lifecycle.distribution.queries import documents, plans
from mingchan.lifecycle.distribution.services import deciding
from mingchan.lifecycle.distribution.services.books import PlanBook

_CLAUSES = ("2.5a", "2.5b")
_PAYMENT = protection.document_names(Payment)


def _is_filed(plan: Plan) -> None:
    """Raises Refusal before the finance bureau has the plan on file (R18)."""
    if plan.status not in (PlanStatus.FILED, PlanStatus.DONE):
        raise Refusal(_("方案还没有报县财政备案，不能发放或支出"), clauses=("2.5b",))


@transaction.atomic
def make_list(plan_id: int, method: str, *, actor: Actor, on: date) -> PayoutList:
    """List every household that still waits for its share (编制发放表): by bank those with an account, by cash all.

    The holder's book owes them the money from now on. Raises NotFound, NotAllowed without `distribution.pay`, Refusal
    before the filing or when nobody waits. Serves 2.5a, 2.5b.
    """
    plan = deciding.locked(plan_id, actor)
    permissions.require(actor, permissions.PAY, plan.division_code)
    _is_filed(plan)
    if method not in PaymentMethod.values:
        raise Refusal(_("请选择发放方式"), clauses=_CLAUSES, field="method")
    waiting = plans.unpaid_shares(plan)
    if method == PaymentMethod.BANK:
        waiting = waiting.exclude(household__account_mark="")
    before = Payment.objects.filter(share=OuterRef("pk"))
    rows = list(waiting.annotate(is_owed=Exists(before)).values_list("pk", "fen", "is_owed"))
    if not rows:
        raise Refusal(_("没有待发放的户；没有登记银行账号的户请用现金签领"), clauses=_CLAUSES, field="method")
    total = sum(fen for _key, fen, _owed in rows)
    owed = sum(fen for _key, fen, is_owed in rows if not is_owed)
    number = (PayoutList.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0) + 1
    book = PlanBook(plan, actor=actor, on=on)
    words = _("应付受益户分配款：%(title)s") % {"title": plan.title}
    lines = postings.owed(book.system, owed, str(plan.ref)) if owed else ()
    voucher = book.post(lines, words, f"{plan.ref}:payout:{number}:owed", on) if lines else ""
    payout = PayoutList(
        county=plan.county,
        plan=plan,
        number=number,
        method=method,
        count=len(rows),
        fen=total,
        voucher=voucher,
        made_on=on,
        made_by=actor.name,
    )
    payout.save(force_insert=True)
    first = database.reserve_ids(Payment, len(rows))
    empty = dict.fromkeys(_PAYMENT)
    payments = [
        empty
        | {
            "id": first + place,
            "county": plan.county,
            "payout_id": payout.pk,
            "share_id": share,
            "fen": fen,
            "status": PaymentStatus.ISSUED.value,
        }
        for place, (share, fen, _owed) in enumerate(rows)
    ]
    try:
        with transaction.atomic():
            database.insert_rows(Payment, _PAYMENT, ([row[name] for name in _PAYMENT] for row in payments))
    except IntegrityError as error:
        raise Refusal(_("其中有户已在另一张发放表上，同一份额不能发放两次"), clauses=_CLAUSES) from error
    documents_of = [
        (f"payment:{row['id']}", plan.division_code, {name: value for name, value in row.items() if value is not None})
        for row in payments
    ]
    evidence.record_many(
        events.LIST_MADE,
        [(f"payout:{payout.pk}", plan.division_code, protection.document(documents.PAYOUT, payout)), *documents_of],
        actor=actor,
        on=on,
        facts={"plan": plan.title, "count": len(rows), "amount": format_yuan(total)},
    )
    return payout


def _payout(payout_id: int, actor: Actor) -> tuple[PayoutList, Plan]:
    found = PayoutList.objects.filter(pk=payout_id, county=actor.county).first()
    if found is None:
        raise NotFound(_("没有这份发放表"))
    plan = deciding.locked(found.plan_id, actor)
    permissions.require(actor, permissions.PAY, plan.division_code)
    return found, plan


def _day(day: date, since: date, on: date, field: str) -> None:
    if not since <= day <= on:
        raise Refusal(_("日期应在编表之后、今天之前"), clauses=_CLAUSES, field=field)


@transaction.atomic
def mark_paid(
    payout_id: int, payment_ids: Sequence[int] | None, *, paid_on: date, proof: str, actor: Actor, on: date
) -> int:
    """Record that payments of a list reached the households (None: all that wait), with their proof; how many.

    `proof` is the bank's number or the signed list. Raises NotFound, NotAllowed, Refusal without a proof, for a day
    before the list or to come, or when one was paid already. Serves 2.5a, 1.2b.
    """
    payout, plan = _payout(payout_id, actor)
    if not proof.strip():
        raise Refusal(_("请填写发放凭据：银行批次号或签领表编号"), clauses=_CLAUSES, field="proof")
    _day(paid_on, payout.made_on, on, "paid_on")
    rows = Payment.objects.select_for_update().filter(payout=payout, status=PaymentStatus.ISSUED).order_by("id")
    if payment_ids is not None:
        rows = rows.filter(pk__in=database.one_of(payment_ids, "bigint"))
    payments = list(rows)
    if not payments or (payment_ids is not None and len(payments) != len(set(payment_ids))):
        raise Refusal(_("所选的户已经发放或退回，请刷新后再办理"), clauses=_CLAUSES)
    total = sum(payment.fen for payment in payments)
    book = PlanBook(plan, actor=actor, on=on)
    voucher = book.post(
        postings.paid(book.system, total, str(plan.ref)),
        _("发放受益户分配款：%(title)s") % {"title": plan.title},
        f"payout:{payout.pk}:paid:{payments[0].pk}",
        paid_on,
        postings.budget_spent(total, str(plan.ref)),
    )
    values = {
        "status": PaymentStatus.PAID.value,
        "paid_on": paid_on,
        "proof": proof.strip()[:120],
        "paid_voucher": voucher,
    }
    changed = []
    for payment in payments:
        before = protection.document(documents.PAYMENT, payment)
        for name, value in values.items():
            setattr(payment, name, value)
        changed.append(
            (f"payment:{payment.pk}", plan.division_code, protection.document(documents.PAYMENT, payment), before)
        )
    Payment.objects.filter(pk__in=database.one_of([payment.pk for payment in payments], "bigint")).update(**values)
    facts = {"plan": plan.title, "count": len(payments), "amount": format_yuan(total)}
    evidence.record_many(events.PAID, changed, actor=actor, on=on, facts=facts)
    deciding.finish_if_carried_out(plan, actor=actor, on=on)
    return len(payments)


@transaction.atomic
def mark_returned(payment_id: int, *, returned_on: date, reason: str, actor: Actor, on: date) -> Payment:
    """Record that a payment came back (退回), or never left; the household may then be listed again. Serves 2.5a.

    Raises NotFound, NotAllowed, Refusal without a reason, when it came back before, or for a day out of order.
    """
    payment = Payment.objects.select_for_update(of=("self",)).filter(pk=payment_id, county=actor.county).first()
    if payment is None:
        raise NotFound(_("没有这笔发放"))
    payout, plan = _payout(payment.payout_id, actor)
    if payment.status == PaymentStatus.RETURNED:
        raise Refusal(_("这笔发放已经登记退回"), clauses=_CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写退回原因"), clauses=_CLAUSES, field="reason")
    _day(returned_on, payment.paid_on or payout.made_on, on, "returned_on")
    before = protection.document(documents.PAYMENT, payment)
    if payment.status == PaymentStatus.PAID:
        book = PlanBook(plan, actor=actor, on=on)
        payment.return_voucher = book.post(
            postings.returned(book.system, payment.fen, str(plan.ref)),
            _("受益户分配款退回：%(title)s") % {"title": plan.title},
            f"payment:{payment.pk}:returned",
            returned_on,
            postings.budget_returned(payment.fen, str(plan.ref)),
        )
    payment.status, payment.returned_on = PaymentStatus.RETURNED, returned_on
    payment.return_reason = reason.strip()[:200]
    payment.save(force_update=True)
    evidence.record(
        events.RETURNED,
        Ref("payment", payment.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(documents.PAYMENT, payment),
        division=plan.division_code,
        reason=reason.strip(),
        facts={"plan": plan.title, "amount": format_yuan(payment.fen)},
    )
    return payment


@transaction.atomic
def spend(plan_id: int, draft: SpendingDraft, *, actor: Actor, on: date) -> Spending:
    """Record money of a use that was spent, with its paper, up to what the plan gives the use. Serves 2.5a.

    Raises NotFound, NotAllowed without `distribution.spend`, Refusal before the filing, for a use the plan hasn't,
    for the households' share, above the line, without payee, purpose or paper.
    """
    plan = deciding.locked(plan_id, actor)
    permissions.require(actor, permissions.SPEND, plan.division_code)
    _is_filed(plan)
    if draft.use == pack.household_use():
        raise Refusal(_("受益户分配按发放表发放，不能作为用途支出"), clauses=_CLAUSES, field="use")
    line = PlanLine.objects.filter(plan=plan, round=plan.round, use=draft.use).first()
    if line is None:
        raise Refusal(_("方案没有这项用途"), clauses=("2.5a",), field="use")
    if draft.paper is None or not draft.payee.strip() or not draft.purpose.strip():
        raise Refusal(_("支出须写明收款方和事由，并附票据"), clauses=("2.5a",), field="paper")
    if plan.filed_on is None or not plan.filed_on <= draft.spent_on <= on:
        raise Refusal(_("支出日期应在备案之后、今天之前"), clauses=("2.5b",), field="spent_on")
    left = line.fen - (Spending.objects.filter(line=line).aggregate(fen=Sum("fen"))["fen"] or 0)
    if not 0 < draft.fen <= left:
        raise Refusal(
            _("支出金额应大于零，且不超过这项用途剩余的 %(left)s 元") % {"left": format_yuan(left)},
            clauses=("2.5a",),
            field="fen",
        )
    paper = evidence.attach(
        draft.paper.content,
        name=draft.paper.name,
        owner=plan.ref,
        division=plan.division_code,
        kind=AttachmentKind.OTHER,
        actor=actor,
        on=on,
    )
    key = database.reserve_ids(Spending, 1)
    book = PlanBook(plan, actor=actor, on=on)
    voucher = book.post(
        postings.spent(book.system, draft.fen, str(plan.ref)),
        f"{pack.uses()[draft.use].label}：{draft.purpose.strip()}",
        f"income_spending:{key}",
        draft.spent_on,
        postings.budget_spent(draft.fen, str(plan.ref)),
    )
    spending = Spending(
        pk=key,
        county=plan.county,
        line=line,
        fen=draft.fen,
        spent_on=draft.spent_on,
        payee=draft.payee.strip()[:120],
        purpose=draft.purpose.strip()[:200],
        paper=str(Ref("attachment", paper.pk)),
        voucher=voucher,
        made_by=actor.name,
    )
    spending.save(force_insert=True)
    evidence.record(
        events.SPENT,
        Ref("income_spending", spending.pk),
        actor=actor,
        on=on,
        after=protection.document(documents.SPENDING, spending),
        division=plan.division_code,
        facts={"use": pack.uses()[draft.use].label, "plan": plan.title, "amount": format_yuan(draft.fen)},
    )
    deciding.finish_if_carried_out(plan, actor=actor, on=on)
    return spending
