"""Giving up a due (减免、核销): only by a finished case with democratic decision, bureau and finance (2.5a, 4.1)."""

from collections.abc import Iterable
from datetime import date

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.services import PaperDraft
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import format_yuan
from mingchan.lifecycle.income import events, permissions, postings
from mingchan.lifecycle.income.choices import INCOME_KINDS, RemissionKind
from mingchan.lifecycle.income.models import Entry, Remission
from mingchan.lifecycle.income.queries.documents import REMISSION
from mingchan.lifecycle.income.services import books
from mingchan.lifecycle.income.services.billing import locked

CLAUSES = ("2.5a", "4.1")
PROCEDURE = "remission"


@transaction.atomic
def ask(
    receivable_id: int,
    kind: str,
    fen: int,
    reason: str,
    *,
    papers: Iterable[PaperDraft] = (),
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Remission:
    """Ask for a due to be given up in whole or part; the case decides, nothing changes until it is finished.

    Raises Refusal for a deposit, for more than is open, without a reason, or while a request about the receivable
    runs; NotAllowed without `income.bill`; NotFound.
    """
    found = locked(receivable_id, actor)
    permissions.require(actor, permissions.BILL, found.division_code)
    if kind not in RemissionKind.values:
        raise Refusal(_("请选择减免或核销"), clauses=CLAUSES, field="kind")
    if found.kind not in INCOME_KINDS:
        raise Refusal(_("保证金不是收入，不能减免核销"), clauses=CLAUSES)
    if not 0 < fen <= found.open_fen:
        raise Refusal(
            _("金额应大于 0 且不超过未收数 %(fen)s 元") % {"fen": format_yuan(found.open_fen)},
            clauses=CLAUSES,
            field="fen",
        )
    if not reason.strip():
        raise Refusal(_("请写明减免或核销的理由"), clauses=CLAUSES, field="reason")
    label = RemissionKind(kind).label
    case = procedures.start(
        PROCEDURE,
        title=_("%(kind)s%(number)s %(fen)s 元") % {"kind": label, "number": found.label, "fen": format_yuan(fen)},
        text=reason.strip(),
        subject=found.ref,
        facts={"fen": fen, "kind": kind},
        interested=[found.operator_id],
        papers=papers,
        division=found.division_code,
        right=permissions.BILL,
        is_sample=is_sample,
        actor=actor,
        on=on,
    )
    made = Remission.objects.create(
        county=found.county,
        receivable=found,
        kind=kind,
        fen=fen,
        reason=reason.strip()[:500],
        case=case,
        asked_on=on,
        asked_by=actor.name,
    )
    evidence.record(
        events.ASKED,
        made.ref,
        actor=actor,
        on=on,
        after=protection.document(REMISSION, made),
        division=found.division_code,
        facts={"number": found.label, "fen": format_yuan(fen)},
    )
    return made


def on_approved(case: Case, actor: Actor, on: date) -> None:
    """A finished case gives the due up: entry and voucher in the transaction of its last step.

    Raises Refusal when less is open by now than was asked to be given up: the step is refused, the request is amended.
    """
    made = Remission.objects.get(case=case)
    found = locked(made.receivable_id, actor)
    if orjson.loads(case.facts).get("fen") != made.fen:
        raise Refusal(_("审批的金额与申请不一致，请撤回后重新申请"), clauses=CLAUSES)
    if made.fen > found.open_fen:
        raise Refusal(
            _("%(number)s现只剩 %(fen)s 元未收，少于申请的金额，请退回修改")
            % {"number": found.label, "fen": format_yuan(found.open_fen)},
            clauses=CLAUSES,
        )
    entry = Entry(
        county=found.county,
        receivable=found,
        kind=made.kind,
        day=on,
        fen=made.fen,
        remission=made,
        made_by=actor.name,
    )
    books.enter(entry, found, actor=actor, on=on)
    books.post(
        found.creditor_id,
        postings.given_up(found.pk, made.fen),
        _("%(kind)s%(number)s") % {"kind": made.get_kind_display(), "number": found.label},
        source=made.ref,
        key=f"remission:{made.pk}",
        day=on,
        actor=actor,
        on=on,
    )
