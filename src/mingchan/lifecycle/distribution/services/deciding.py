"""A plan on its way (方案决策): changed before it is decided, brought before the people, what follows from the case.

The case's outcomes call `on_waiting`, `on_approved`, `on_rejected` and `on_withdrawn`; they run in the transaction of
the step, so a filing that breaks the policy refuses the step.
"""

from datetime import date
from hashlib import sha256
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Opinion, Task
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.money import format_yuan
from mingchan.lifecycle.distribution import events, permissions, rules
from mingchan.lifecycle.distribution.choices import PlanStatus
from mingchan.lifecycle.distribution.drafts import PlanDraft
from mingchan.lifecycle.distribution.models import Plan, PlanLine, PoolRow, Share, Spending
from mingchan.lifecycle.distribution.queries import documents, plans, policies
from mingchan.lifecycle.distribution.services import planning

CODE = "distribution"
"""The procedure by which plans are decided upon."""
PAYOUT, FILING = "payout", "filing"
_CLAUSES = ("2.4.2c", "2.5b")
_SCOPES = {6: "COUNTY", 9: "TOWN", 12: "VILLAGE"}


def locked(plan_id: int, actor: Actor) -> Plan:
    """The plan, held for this transaction. Raises NotFound out of the actor's sight."""
    found = plans.visible_to(actor).select_for_update(of=("self",)).filter(pk=plan_id).first()
    if found is None:
        raise NotFound(_("没有这个分配方案"))
    return found


def change(
    plan: Plan, kind: EventKind, facts: dict[str, Any], actor: Actor, on: date, reason: str = "", **fields: Any
) -> None:
    """Write the plan's changed fields and leave the trace."""
    before = protection.document(documents.PLAN, plan)
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.save(force_update=True)
    evidence.record(
        kind,
        plan.ref,
        actor=actor,
        on=on,
        before=before,
        after=protection.document(documents.PLAN, plan),
        division=plan.division_code,
        reason=reason,
        facts={"title": plan.title, **facts},
    )


def digest_of(plan: Plan) -> str:
    """The digest of what is decided upon: pool, uses and each household's share of the plan's round."""
    lines = PlanLine.objects.filter(plan=plan, round=plan.round).order_by("use").values_list("use", "share", "fen")
    shares = Share.objects.filter(plan=plan, round=plan.round).order_by("household_id")
    parts = {
        "pool": plan.pool_fen,
        "policy": plan.policy_id,
        "lines": list(lines),
        "shares": list(shares.values_list("household_id", "fen", "reason")),
    }
    return sha256(orjson.dumps(parts)).hexdigest()


@transaction.atomic
def redraft_plan(plan_id: int, draft: PlanDraft, *, reason: str, actor: Actor, on: date) -> Plan:
    """Divide a plan's receipts anew, as another round; the former one stays to be seen. Serves 2.5a, 2.4.2c.

    While a case runs its drafter alone may, and what was said about the former round counts no more. Raises NotFound,
    NotAllowed, Refusal without a reason, for a plan that is filed or over, or as `draft_plan`.
    """
    plan = locked(plan_id, actor)
    permissions.require(actor, permissions.PLAN, plan.division_code, _CLAUSES)
    if plan.status not in (PlanStatus.DRAFT, PlanStatus.PROPOSED):
        raise Refusal(_("方案已备案或办结，不能再改"), clauses=_CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写重新拟定的理由"), clauses=_CLAUSES, field="reason")
    policy = policies.in_force(plan.county, plan.division_code, on)
    if policy is None or policy.pk != plan.policy_id:
        raise Refusal(_("分配办法已有新的一版施行，请撤回后按新办法另拟方案"), clauses=("2.5b",))
    planning.divide_anew(plan, draft, actor=actor, on=on)
    facts = {"round": plan.round + 1}
    change(plan, events.PLAN_REDRAFTED, facts, actor, on, reason.strip(), round=plan.round + 1)
    if plan.case_id is not None:
        version = Case.objects.values_list("version", flat=True).get(pk=plan.case_id)
        procedures.amend(
            plan.case_id,
            reason=reason,
            version=version,
            text=summary(plan),
            subject_digest=digest_of(plan),
            actor=actor,
            on=on,
        )
    return plan


@transaction.atomic
def propose_plan(plan_id: int, *, actor: Actor, on: date) -> Plan:
    """Bring a plan before the people: the procedure 收益分配 of the county begins. Serves 2.4.2c, 2.5b.

    Raises NotFound, NotAllowed without `distribution.plan`, Refusal when it isn't a draft or its policy is no longer
    the one in force.
    """
    plan = locked(plan_id, actor)
    permissions.require(actor, permissions.PLAN, plan.division_code, _CLAUSES)
    if plan.status != PlanStatus.DRAFT:
        raise Refusal(_("只有拟定中的方案可以提交"), clauses=_CLAUSES)
    _still_in_policy(plan, on)
    case = procedures.start(
        CODE,
        title=_("收益分配方案：%(title)s") % {"title": plan.title},
        text=summary(plan),
        subject=plan.ref,
        facts={"scope": _SCOPES[len(rules.scope_of(plan.division_code))], "pool_fen": plan.pool_fen},
        subject_digest=digest_of(plan),
        division=plan.division_code,
        right=permissions.PLAN,
        is_sample=plan.is_sample,
        actor=actor,
        on=on,
    )
    change(plan, events.PLAN_PROPOSED, {}, actor, on, case=case, status=PlanStatus.PROPOSED)
    return plan


def summary(plan: Plan) -> str:
    """What the people are told before they vote: sums and uses, no household by name."""
    count, fen, fixed = plans.share_totals(plan)
    lines = [
        _("收益权人：%(holder)s。收益期间：%(start)s 至 %(last)s，可分配收益 %(pool)s 元。")
        % {
            "holder": plan.holder.name,
            "start": plan.period_start.isoformat(),
            "last": plan.last_day.isoformat(),
            "pool": format_yuan(plan.pool_fen),
        },
        _("分配办法：%(policy)s，%(method)s。")
        % {"policy": plan.policy.title, "method": plan.policy.get_method_display()},
    ]
    lines += [
        f"{row.label}：{format_yuan(row.line.fen)} 元（{planning.percent(row.line.share)}）"
        for row in plans.lines_of(plan)
    ]
    if count:
        lines.append(_("受益户 %(count)s 户，共 %(fen)s 元。") % {"count": count, "fen": format_yuan(fen)})
    if fixed:
        lines.append(_("其中 %(count)s 户的份额单独确定，理由见方案。") % {"count": fixed})
    if plan.note:
        lines.append(plan.note)
    return "\n".join(lines)


def _still_in_policy(plan: Plan, on: date) -> None:
    """Raises Refusal unless the plan keeps to the policy in force on the day."""
    policy = policies.in_force(plan.county, plan.division_code, on)
    if policy is None or policy.pk != plan.policy_id:
        raise Refusal(_("分配办法已有新的一版施行，请撤回后按新办法另拟方案"), clauses=("2.5b",))
    shares = dict(PlanLine.objects.filter(plan=plan, round=plan.round).values_list("use", "share"))
    planning.check_shares(shares, policy, plan.period_start)


@transaction.atomic
def withdraw_plan(plan_id: int, *, reason: str, actor: Actor, on: date) -> Plan:
    """Take a plan back before it is filed; its receipts are free again. A running case is withdrawn with it.

    Raises NotFound, NotAllowed, Refusal without a reason or for a plan that is filed or over.
    """
    plan = locked(plan_id, actor)
    permissions.require(actor, permissions.PLAN, plan.division_code, _CLAUSES)
    if plan.status not in (PlanStatus.DRAFT, PlanStatus.PROPOSED):
        raise Refusal(_("方案已备案或办结，不能撤回"), clauses=_CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写理由"), clauses=_CLAUSES, field="reason")
    if plan.case_id is None:
        _end(plan, PlanStatus.WITHDRAWN, actor, on, reason.strip())
    else:
        version = Case.objects.values_list("version", flat=True).get(pk=plan.case_id)
        procedures.withdraw(plan.case_id, reason=reason, version=version, actor=actor, on=on)
        plan.refresh_from_db()
    return plan


def _end(plan: Plan, status: PlanStatus, actor: Actor, on: date, reason: str = "") -> None:
    """The plan is over without being carried out; its receipts are free for another."""
    change(plan, events.PLAN_ENDED, {"outcome": str(status.label)}, actor, on, reason, status=status, ended_on=on)
    rows = list(PoolRow.objects.filter(plan=plan, released_on__isnull=True))
    changed = []
    for row in rows:
        before = protection.document(documents.POOL, row)
        row.released_on = on
        changed.append(
            (f"distribution_pool:{row.pk}", plan.division_code, protection.document(documents.POOL, row), before)
        )
    PoolRow.objects.filter(plan=plan, released_on__isnull=True).update(released_on=on)
    if changed:
        evidence.record_many(
            events.PLAN_ENDED, changed, actor=actor, on=on, facts={"title": plan.title, "outcome": str(status.label)}
        )


# ---- What follows from the case -----------------------------------------------------------------------------------


def _plan_of(case: Case) -> Plan | None:
    return Plan.objects.select_for_update().filter(case=case).first()


def on_waiting(case: Case, task: Task, actor: Actor, on: date) -> None:
    """The case waits for the payout: the finance bureau has just taken the plan on file (备案, 2.5b)."""
    plan = _plan_of(case)
    if task.waits != PAYOUT or plan is None or plan.status != PlanStatus.PROPOSED:
        return
    permissions.require(actor, permissions.FILE, plan.division_code, ("2.5b",))
    shares = dict(PlanLine.objects.filter(plan=plan, round=plan.round).values_list("use", "share"))
    planning.check_shares(shares, plan.policy, plan.period_start)
    if digest_of(plan) != case.subject_digest:
        raise Refusal(_("方案与各方表决的不一致，请退回重新决策"), clauses=_CLAUSES)
    opinion = Opinion.objects.filter(case=case, task__node=FILING).order_by("-id").first()
    if opinion is None:
        raise Refusal(_("流程图缺少财政备案环节，不能发放"), clauses=("2.5b",))
    change(
        plan,
        events.PLAN_FILED,
        {"number": opinion.document_no},
        actor,
        on,
        status=PlanStatus.FILED,
        filing_number=opinion.document_no[:60],
        filed_on=on,
        filed_by=opinion.account_name,
    )


def on_approved(case: Case, actor: Actor, on: date) -> None:
    """All money of the plan is where it belongs."""
    plan = _plan_of(case)
    if plan is not None and plan.status == PlanStatus.FILED:
        status = PlanStatus.DONE
        change(plan, events.PLAN_ENDED, {"outcome": str(status.label)}, actor, on, status=status, ended_on=on)


def on_rejected(case: Case, actor: Actor, on: date) -> None:
    """The people, the town or an office said no."""
    plan = _plan_of(case)
    if plan is not None and plan.status == PlanStatus.PROPOSED:
        _end(plan, PlanStatus.REJECTED, actor, on)


def on_withdrawn(case: Case, actor: Actor, on: date) -> None:
    """The drafter took the matter back."""
    plan = _plan_of(case)
    if plan is not None and plan.status == PlanStatus.PROPOSED:
        _end(plan, PlanStatus.WITHDRAWN, actor, on)


def finish_if_carried_out(plan: Plan, *, actor: Actor, on: date) -> None:
    """Wake the case once households are paid and uses spent to the last fen."""
    if plan.status != PlanStatus.FILED or plan.case_id is None:
        return
    spent = sum(Spending.objects.filter(line__plan=plan).values_list("fen", flat=True))
    if plans.paid_fen(plan) + spent == plan.pool_fen:
        procedures.signal(plan.case_id, PAYOUT, facts={}, actor=actor, on=on)
        plan.refresh_from_db()
