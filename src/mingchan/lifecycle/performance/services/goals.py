"""Setting goals and reporting what was reached (绩效目标, 2.4.2d)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.performance import events, permissions, queries
from mingchan.lifecycle.performance.choices import GoalKind, State
from mingchan.lifecycle.performance.drafts import GoalDraft
from mingchan.lifecycle.performance.models import Evaluation, Goal
from mingchan.lifecycle.performance.queries.documents import GOAL
from mingchan.lifecycle.performance.services import keeping

CLAUSES = keeping.CLAUSES


def _contract(contract_id: int, actor: Actor) -> Contract:
    found = Contract.objects.select_for_update(of=("self",)).filter(
        queries.visible_contracts(actor), pk=contract_id, county=actor.county
    ).first()  # fmt: skip
    if found is None:
        raise NotFound(_("没有这份经营合同"))
    return found


def _is_handed_in(contract: Contract, year: int) -> bool:
    rows = Evaluation.objects.filter(contract=contract, year=year)
    return rows.exclude(state__in=(State.ASSIGNED, State.CANCELLED)).exists()


@transaction.atomic
def set_goals(
    contract_id: int, year: int, drafts: Sequence[GoalDraft], *, reason: str = "", actor: Actor, on: date
) -> int:
    """Set the goals of a contract for a year, or change their targets with a reason; returns how many were written.

    Raises Refusal for a year outside the term, an unknown or doubled kind, a target of nought, a change without a
    reason, or when the year's evaluation is handed in; NotAllowed without `performance.goal`; NotFound. Serves 2.4.2d.
    """
    contract = _contract(contract_id, actor)
    permissions.require(actor, permissions.GOAL, contract.division_code)
    if (
        contract.starts_on is None
        or contract.last_day is None
        or not contract.starts_on.year <= year <= contract.last_day.year
    ):
        raise Refusal(_("%(year)s 年不在合同期限内") % {"year": year}, clauses=CLAUSES, field="year")
    if _is_handed_in(contract, year):
        raise Refusal(_("这一年的评价结果已经提交，绩效目标不能再调整"), clauses=CLAUSES)
    kinds = [draft.kind for draft in drafts]
    if len(set(kinds)) < len(kinds) or not set(kinds) <= set(GoalKind.values):
        raise Refusal(_("每一种目标只设一次"), clauses=CLAUSES, field="kind")
    if any(draft.target <= 0 for draft in drafts):
        raise Refusal(_("目标值应大于 0"), clauses=CLAUSES, field="target")
    present = queries.goals_of(contract.pk, year)
    written = 0
    for draft in drafts:
        goal = present.get(draft.kind)
        if goal is not None and goal.target == draft.target:
            continue
        before = keeping.whole(GOAL, goal) if goal is not None else None
        if goal is not None and len(reason.strip()) < 2:
            raise Refusal(_("调整已设定的目标须写明理由"), clauses=CLAUSES, field="reason")
        goal = goal or Goal(county=actor.county, contract=contract, year=year, kind=draft.kind)
        goal.target, goal.set_on, goal.set_by = draft.target, on, actor.name
        if before is not None:
            goal.reason, goal.version = reason.strip()[:200], goal.version + 1
        goal.save()
        _record(events.GOAL_SET, goal, contract, before, reason if before is not None else "", actor=actor, on=on)
        written += 1
    return written


def _record(
    kind: EventKind,
    goal: Goal,
    contract: Contract,
    before: Mapping[str, Any] | None,
    reason: str,
    *,
    actor: Actor,
    on: date,
) -> None:
    facts = {"name": contract.title, "year": goal.year, "goal": goal.get_kind_display()}
    keeping.record(
        kind, GOAL, goal, division=contract.division_code, before=before, reason=reason, facts=facts, actor=actor, on=on
    )


@transaction.atomic
def report_goal(contract_id: int, year: int, kind: str, actual: int, basis: str, *, actor: Actor, on: date) -> Goal:
    """Report what was reached of a goal (fen or whole number), with what shows it: the operator, or the bureau for it.

    Raises Refusal for a goal that wasn't set, a figure below nought, no basis, or when the evaluation is handed in;
    NotAllowed for others; NotFound. Serves 2.4.2d.
    """
    contract = _contract(contract_id, actor)
    own = contract.operator_id in actor.parties(permissions.ANSWER)
    if not own and not actor.may(permissions.GOAL, contract.division_code):
        raise NotAllowed(_("您没有填报这份合同绩效完成数的权限"), clauses=CLAUSES)
    if _is_handed_in(contract, year):
        raise Refusal(_("这一年的评价结果已经提交，完成数不能再改"), clauses=CLAUSES)
    goal = queries.goals_of(contract.pk, year).get(kind)
    if goal is None:
        raise Refusal(_("请先设定这项绩效目标"), clauses=CLAUSES, field="kind")
    if actual < 0:
        raise Refusal(_("完成数不能小于 0"), clauses=CLAUSES, field="actual")
    text = keeping.said(basis, "basis", 300)
    before = keeping.whole(GOAL, goal)
    goal.actual, goal.basis, goal.reported_on, goal.reported_by = actual, text, on, actor.name
    goal.version += 1
    goal.save(force_update=True)
    _record(events.GOAL_MET, goal, contract, before, "", actor=actor, on=on)
    return goal
