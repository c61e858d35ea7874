"""The end of a stocktake (办结): approved and published where the plan asks for it, with its report (3.4.1, 3.4.3b)."""

from datetime import date
from hashlib import sha256

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.lifecycle.stocktake import events, permissions
from mingchan.lifecycle.stocktake.choices import Decision, DifferenceState, PlanState
from mingchan.lifecycle.stocktake.models import Difference, Plan
from mingchan.lifecycle.stocktake.queries.documents import DIFFERENCE
from mingchan.lifecycle.stocktake.services import keeping, settling

CLAUSES = keeping.CLAUSES
PROCEDURE = "stocktake"


def digest_of(plan: Plan) -> str:
    """The digest of what is approved: lines, outcomes, decisions."""
    rows = Difference.objects.filter(plan=plan).order_by("pk")
    decided = [list(row) for row in rows.values_list("key", "decision", "reason", "appraised_fen", "result")]
    return sha256(orjson.dumps([plan.lines_digest, plan.outcome_digest, plan.conclusion, decided])).hexdigest()


def _undecided(plan: Plan) -> None:
    """Raises Refusal while a difference is open."""
    count = Difference.objects.filter(plan=plan, state=DifferenceState.OPEN).count()
    if count:
        raise Refusal(_("还有 %(count)s 项差异没有处理，不能办结") % {"count": count}, clauses=CLAUSES)


@transaction.atomic
def send(plan_id: int, *, conclusion: str, version: int, actor: Actor, on: date) -> Plan:
    """Ask for the result to be approved; it is published before finance confirms it.

    Raises Refusal while a difference is open or when the plan asks for no case, NotAllowed without `stocktake.plan`,
    Stale. Serves 3.4.1, 3.4.3b.
    """
    plan = keeping.held(plan_id, permissions.PLAN, (PlanState.SETTLING,), actor=actor, version=version)
    if not plan.asks_case:
        raise Refusal(_("这次盘点的结果不须审批，可直接办结"), clauses=CLAUSES)
    _undecided(plan)
    plan.conclusion = keeping.said(conclusion, "conclusion")
    missing = Difference.objects.filter(plan=plan, decision__in=(Decision.LOSS, Decision.PART_LOSS)).count()
    text = plan.conclusion
    case = procedures.start(
        PROCEDURE,
        title=_("%(title)s结果审批（%(number)s）") % {"title": plan.title, "number": plan.number},
        text=text,
        subject=plan.ref,
        facts={"differences": Difference.objects.filter(plan=plan).count(), "losses": missing, "year": plan.year},
        subject_digest=digest_of(plan),
        division=plan.division_code,
        right=permissions.PLAN,
        is_sample=plan.is_sample,
        actor=actor,
        on=on,
    )
    plan.conclusion = ""
    changes = {"state": PlanState.PROCEDURE.value, "case": case, "conclusion": text}
    return keeping.save(plan, changes, events.SENT, actor=actor, on=on)


@transaction.atomic
def close(plan_id: int, *, conclusion: str, version: int, actor: Actor, on: date) -> Plan:
    """Close a stocktake whose result needs no approval. It is final: nothing of it changes any more.

    Raises Refusal while a difference is open or when the plan asks for a case, NotAllowed without `stocktake.plan`,
    Stale. Serves 3.4.1.
    """
    plan = keeping.held(plan_id, permissions.PLAN, (PlanState.SETTLING,), actor=actor, version=version)
    if plan.asks_case:
        raise Refusal(_("这次盘点的结果须审批公示后办结"), clauses=CLAUSES)
    return _close(plan, keeping.said(conclusion, "conclusion"), actor=actor, on=on)


def _close(plan: Plan, conclusion: str, *, actor: Actor, on: date) -> Plan:
    _undecided(plan)
    rate = plan.matched_count * 10_000 // plan.line_count if plan.line_count else 0
    changes = {"state": PlanState.CLOSED.value, "ended_on": on, "conclusion": conclusion}
    facts = {"rate": f"{rate // 100}.{rate % 100:02d}%"}
    return keeping.save(plan, changes, events.CLOSED, facts=facts, actor=actor, on=on)


def _of(case: Case, actor: Actor) -> Plan:
    found = (
        Plan.objects.select_for_update(of=("self",))
        .filter(case=case, county=actor.county, state=PlanState.PROCEDURE)
        .first()
    )
    if found is None:
        raise Refusal(_("这件事项没有对应的盘点"), clauses=CLAUSES)
    return found


def on_approved(case: Case, actor: Actor, on: date) -> None:
    """The result is approved: what was found leaves the pending account, and the stocktake is closed."""
    plan = _of(case, actor)
    if digest_of(plan) != case.subject_digest:
        raise Refusal(_("盘点结果在送审之后有变动，不能批准"), clauses=CLAUSES)
    for row in Difference.objects.filter(plan=plan, state=DifferenceState.DECIDED).order_by("pk"):
        before = protection.document(DIFFERENCE, row)
        row.state, row.settled_on = DifferenceState.SETTLED, on
        row.voucher = settling.post_approved(plan, row, actor=actor, on=on)
        row.version += 1
        row.save(force_update=True)
        facts = {"name": row.name, "decision": Decision(row.decision).label}
        keeping.trace(
            DIFFERENCE, [(row, before)], events.DECIDED, division=row.division_code, facts=facts, actor=actor, on=on
        )  # fmt: skip
    _close(plan, plan.conclusion, actor=actor, on=on)


def on_rejected(case: Case, actor: Actor, on: date) -> None:
    """The result isn't approved, or was taken back: differences are settled anew, the papers of the case stay."""
    plan = _of(case, actor)
    keeping.save(plan, {"state": PlanState.SETTLING.value}, events.RETURNED, actor=actor, on=on)


def note_printed(plan_id: int, paper: str, *, count: int | None = None, actor: Actor, on: date) -> None:
    """Record that a paper or list of a stocktake left the system. Raises NotFound out of sight."""
    plan = Plan.objects.filter(permissions.visible_to(actor), pk=plan_id).first()
    if plan is None:
        raise NotFound(_("没有这个盘点方案"))
    facts = {"number": plan.number, "paper": paper, "count": count}
    evidence.record(
        events.PRINTED if count is None else events.EXPORTED,
        plan.ref,
        actor=actor,
        on=on,
        division=plan.division_code,
        facts=facts,
    )
