"""Whole numbers of persons and accounts (查看完整个人信息): with a right and a reason, recorded first."""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import Outcome
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.distribution import events, permissions
from mingchan.lifecycle.distribution.choices import PaymentMethod, PaymentStatus
from mingchan.lifecycle.distribution.models import Household, Member, Payment
from mingchan.lifecycle.distribution.queries import households, plans

LEAST_REASON = 4
PHONE, ACCOUNT, IDENTITY = "phone", "account", "identity"
LABELS = {PHONE: gettext_lazy("联系电话"), ACCOUNT: gettext_lazy("银行账号"), IDENTITY: gettext_lazy("身份证号")}


def reveal(household_id: int, field: str, reason: str, *, member: int | None = None, actor: Actor, on: date) -> str:
    """The whole phone, account or (of a member) identity number of a household; the look is recorded first.

    Not to be called inside a transaction. Raises NotFound out of the actor's sight, NotAllowed (recorded too) without
    `personal.reveal` over the village, Refusal without a reason or a value. Serves 1.2b.
    """
    household = households.household(actor, household_id)
    person = Member.objects.filter(household=household, pk=member or 0).first() if field == IDENTITY else None
    if field not in LABELS or (field == IDENTITY and person is None):
        raise NotFound(_("没有这项信息"))
    ref = Ref("household", household.pk) if person is None else Ref("household_member", person.pk)
    reason = reason.strip()
    may = actor.may(permissions.REVEAL, household.division_code)
    if may and len(reason) < LEAST_REASON:
        raise Refusal(_("请写明查看理由（至少 4 个字）。"), clauses=("1.2b",), field="reason")
    evidence.record_own_transaction(
        events.REVEALED,
        ref,
        actor=actor,
        on=on,
        division=household.division_code,
        reason=reason,
        facts={"field": str(LABELS[field])},
        outcome=Outcome.OK if may else Outcome.REFUSED,
    )
    if not may:
        raise NotAllowed(_("您没有查看完整个人信息的权限。"), clauses=("1.2b",))
    cipher, context = {
        PHONE: (household.phone_cipher, "household.phone"),
        ACCOUNT: (household.account_cipher, "household.account"),
        IDENTITY: (person.id_cipher if person is not None else None, "member.identity"),
    }[field]
    return _whole(cipher, context)


def _whole(cipher: bytes | memoryview | None, context: str) -> str:
    if cipher is None:
        raise Refusal(_("没有登记完整号码。"), clauses=("1.2b",))
    try:
        return crypto.decrypt(bytes(cipher), context=context)
    except crypto.Undecipherable:
        raise Refusal(_("密文已被改动，或密钥不在本机，无法还原。"), clauses=("1.2b",)) from None


class BankRow(NamedTuple):
    """A line of the bank's file: the whole account; money in fen."""

    number: int
    account: str
    name: str
    bank: str
    fen: int
    note: str


def bank_rows(payout_id: int, reason: str, *, actor: Actor, on: date) -> list[BankRow]:
    """The lines of the file by which a bank pays a list (银行代发文件), with whole accounts; recorded first.

    Only payments that wait are in it. Not to be called inside a transaction. Raises NotFound, NotAllowed (recorded
    too) without `distribution.export`, Refusal without a reason or when nothing waits. Serves 1.2b, 2.5a.
    """
    payout = plans.payout(actor, payout_id)
    reason = reason.strip()
    may = actor.may(permissions.BANK_FILE, payout.plan.division_code)
    if may and len(reason) < LEAST_REASON:
        raise Refusal(_("请写明导出理由（至少 4 个字）。"), clauses=("1.2b",), field="reason")
    if payout.method != PaymentMethod.BANK:
        raise Refusal(_("现金签领的发放表没有银行文件"), clauses=("2.5a",))
    rows = Payment.objects.filter(payout=payout, status=PaymentStatus.ISSUED).order_by("id")
    waiting = list(rows.values_list("share__household_id", "fen"))
    if may and not waiting:
        raise Refusal(_("这张发放表没有待发放的户"), clauses=("2.5a",))
    evidence.record_own_transaction(
        events.BANK_FILE,
        Ref("payout", payout.pk),
        actor=actor,
        on=on,
        division=payout.plan.division_code,
        reason=reason,
        facts={"plan": payout.plan.title, "count": len(waiting)},
        outcome=Outcome.OK if may else Outcome.REFUSED,
    )
    if not may:
        raise NotAllowed(_("您没有导出银行代发文件的权限。"), clauses=("1.2b",))
    keys = {household for household, _fen in waiting}
    found = {one.pk: one for one in Household.objects.filter(pk__in=one_of(keys, "bigint"))}
    return [
        BankRow(
            place,
            _whole(found[household].account_cipher, "household.account"),
            found[household].head,
            found[household].bank,
            fen,
            payout.plan.title,
        )
        for place, (household, fen) in enumerate(waiting, start=1)
    ]


@transaction.atomic
def note_print(plan_id: int, paper: str, *, actor: Actor, on: date) -> None:
    """Record that a paper of a plan was printed. Raises NotFound out of the actor's sight. Serves 2.5a."""
    plan = plans.plan(actor, plan_id)
    evidence.record(
        events.LIST_PRINTED,
        plan.ref,
        actor=actor,
        on=on,
        division=plan.division_code,
        facts={"paper": paper, "plan": plan.title},
    )
