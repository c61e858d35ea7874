"""Plans (盘点方案): drafted by one, approved by another, started, called off (3.4.1, 3.4.3b)."""

import secrets
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.lifecycle.stocktake import events, permissions, sampling
from mingchan.lifecycle.stocktake.choices import FIELD_KINDS, PlanKind, PlanState, Role
from mingchan.lifecycle.stocktake.drafts import PlanDraft
from mingchan.lifecycle.stocktake.models import Assignment, Member, Plan, Task
from mingchan.lifecycle.stocktake.queries.documents import PLAN
from mingchan.lifecycle.stocktake.services import expecting, keeping
from mingchan.register.assets.queries import RegisterFilter, from_params

CLAUSES = keeping.CLAUSES


def filter_of(scope: str) -> RegisterFilter:
    """The filter of the register that a plan's scope says. Raises Refusal for one that can't be read."""
    wanted, bad = from_params(dict(parse_qsl(scope)))
    if bad:
        raise Refusal(_("盘点范围有看不懂的条件：%(names)s") % {"names": "、".join(bad)}, field="scope")
    return wanted.but(as_of=None, status="")


def _division(wanted: RegisterFilter, county: str) -> str:
    """The division that a plan belongs to: what all divisions of its scope have in common."""
    codes = {code.ljust(12, "0") for code in wanted.division.split(",") if code}
    if len(codes) == 1:
        return codes.pop()
    for digits in (12, 9, 6):
        if len({code[:digits] for code in codes}) == 1:
            return next(iter(codes))[:digits].ljust(12, "0")
    return county.ljust(12, "0")


def _columns(draft: PlanDraft, actor: Actor, on: date) -> dict[str, Any]:
    """The columns that a draft gives. Raises Refusal with the field at fault."""
    if not draft.title.strip():
        raise Refusal(_("请填写盘点名称"), clauses=CLAUSES, field="title")
    if draft.kind not in PlanKind.values:
        raise Refusal(_("请选择盘点方式"), clauses=CLAUSES, field="kind")
    if not draft.base_on <= draft.starts_on <= draft.due_on:
        raise Refusal(_("日期应依次为：清查基准日、开始日期、完成期限"), clauses=CLAUSES, field="due_on")
    unknown = set(draft.photo_for) - set(FIELD_KINDS)
    if unknown:
        raise Refusal(_("没有这种盘点记录"), field="photo_for")
    is_drawn = draft.kind == PlanKind.SAMPLE
    if is_drawn and not 0 < draft.precision_bp <= 5000:
        raise Refusal(_("抽样误差上限应大于 0、不超过 50%%") % {}, clauses=CLAUSES, field="precision")
    if is_drawn and draft.confidence_percent not in sampling.CONFIDENCES:
        raise Refusal(_("请选择置信度"), clauses=CLAUSES, field="confidence_percent")
    wanted = filter_of(draft.scope)
    return {
        "title": draft.title.strip()[:120],
        "kind": str(draft.kind),
        "scope": wanted.query()[:1000],
        "basis": draft.basis.strip()[:200],
        "division_code": _division(wanted, actor.county),
        "base_on": draft.base_on,
        "starts_on": draft.starts_on,
        "due_on": draft.due_on,
        "is_blind": draft.is_blind,
        "photo_for": ",".join(draft.photo_for),
        "needs_signature": draft.needs_signature,
        "needs_position": draft.needs_position,
        "asks_case": draft.asks_case,
        "precision_bp": draft.precision_bp if is_drawn else 0,
        "confidence_percent": draft.confidence_percent,
        "seed": (draft.seed.strip()[:64] or secrets.token_hex(16)) if is_drawn else "",
    }


@transaction.atomic
def draft(head: PlanDraft, *, is_sample: bool = False, actor: Actor, on: date) -> Plan:
    """Draft a stocktake over what a filter of the register finds. Serves 3.4.1, 3.4.3b.

    A sample without a seed gets one by chance; it is stored, so that the draw can be repeated. Raises Refusal for a
    fault in the head, NotAllowed without `stocktake.plan` over the scope's division.
    """
    columns = _columns(head, actor, on)
    permissions.require_over(actor, permissions.PLAN, [columns["division_code"]])
    serial = Plan.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("serial"))["last"] or 0
    plan = Plan(
        pk=reserve_ids(Plan, 1),
        county=actor.county,
        year=on.year,
        serial=serial + 1,
        number=f"{policy.thresholds()['stocktake.number_word'].value}〔{on.year}〕{serial + 1:03d}号",
        drafted_on=on,
        drafter_id=actor.account_id,
        drafted_by=actor.name,
        is_sample=is_sample,
        **columns,
    )
    plan.save(force_insert=True)
    evidence.record(
        events.DRAFTED,
        plan.ref,
        actor=actor,
        on=on,
        after=protection.document(PLAN, plan),
        division=plan.division_code,
        facts={"number": plan.number, "title": plan.title},
    )
    return plan


@transaction.atomic
def edit(plan_id: int, head: PlanDraft, *, version: int, actor: Actor, on: date) -> Plan:
    """Change a draft. Raises Stale, Refusal once it is approved or for a fault, NotAllowed, NotFound."""
    plan = keeping.held(plan_id, permissions.PLAN, (PlanState.DRAFT,), actor=actor, version=version)
    columns = _columns(head._replace(seed=head.seed or plan.seed), actor, on)
    permissions.require_over(actor, permissions.PLAN, [columns["division_code"]])
    return keeping.save(plan, columns, events.CHANGED, actor=actor, on=on)


@transaction.atomic
def approve(plan_id: int, *, version: int, actor: Actor, on: date) -> Plan:
    """Approve a draft: what should be there on the base date is written down, place by place; a sample is drawn.

    However many assets, a handful of statements. Raises Refusal before the base date, for the drafter's own plan, and
    for a scope in which there is nothing; NotAllowed without `stocktake.approve`; Stale. Serves 3.4.1, 3.4.3b.
    """
    plan = keeping.held(plan_id, permissions.APPROVE, (PlanState.DRAFT,), actor=actor, version=version)
    if actor.account_id is not None and plan.drafter_id == actor.account_id:
        raise Refusal(_("拟定人不能批准自己的盘点方案"), clauses=CLAUSES)
    if on < plan.base_on:
        raise Refusal(_("清查基准日还没有到，不能生成应盘清单"), clauses=CLAUSES)
    columns = expecting.write_down(plan, actor=actor, on=on)
    changes = {"state": PlanState.APPROVED.value, "approved_on": on, "approved_by": actor.name, **columns}
    return keeping.save(plan, changes, events.APPROVED, facts={"count": columns["line_count"]}, actor=actor, on=on)


@transaction.atomic
def start(plan_id: int, *, version: int, actor: Actor, on: date) -> Plan:
    """Begin counting. Raises Refusal before the first day, without a checker, or while a place has no counter."""
    plan = keeping.held(plan_id, permissions.PLAN, (PlanState.APPROVED,), actor=actor, version=version)
    if on < plan.starts_on:
        raise Refusal(_("盘点从 %(day)s 开始") % {"day": plan.starts_on.isoformat()}, clauses=CLAUSES)
    if not Member.objects.filter(plan=plan, role=Role.CHECKER, left_on__isnull=True).exists():
        raise Refusal(_("还没有复核人"), clauses=CLAUSES)
    staffed = Assignment.objects.filter(task__plan=plan, ended_on__isnull=True, member__left_on__isnull=True)
    empty = list(Task.objects.filter(plan=plan).exclude(pk__in=staffed.values("task")).order_by("pk")[:4])
    if empty:
        names = "、".join(task.place for task in empty[:3]) + ("…" if len(empty) > 3 else "")
        raise Refusal(_("还没有指派盘点人：%(places)s") % {"places": names}, clauses=CLAUSES)
    return keeping.save(plan, {"state": PlanState.COUNTING.value}, events.STARTED, actor=actor, on=on)


@transaction.atomic
def cancel(plan_id: int, *, reason: str, version: int, actor: Actor, on: date) -> Plan:
    """Call a stocktake off before its differences are settled. What was recorded stays. Raises Refusal later on."""
    states = (PlanState.DRAFT, PlanState.APPROVED, PlanState.COUNTING)
    plan = keeping.held(plan_id, permissions.PLAN, states, actor=actor, version=version)
    text = keeping.said(reason, "reason", 300)
    if plan.state == PlanState.COUNTING and not actor.may(permissions.APPROVE, plan.division_code):
        raise NotAllowed(_("清点已经开始，须由批准人取消"), clauses=CLAUSES)
    changes = {"state": PlanState.CANCELLED.value, "ended_on": on, "end_reason": text}
    return keeping.save(plan, changes, events.CANCELLED, reason=text, actor=actor, on=on)
