"""Checking (复核): the end of counting, a checker's word, recounts, and the way to settling."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.lifecycle.stocktake import events, permissions, rules, sampling
from mingchan.lifecycle.stocktake.choices import (
    CHECK_KINDS,
    DifferenceKind,
    DifferenceState,
    Outcome,
    PlanKind,
    PlanState,
)
from mingchan.lifecycle.stocktake.models import Difference, Event, Line, Plan, Task
from mingchan.lifecycle.stocktake.queries import seeing
from mingchan.lifecycle.stocktake.queries.documents import FOUND, lines_digest
from mingchan.lifecycle.stocktake.services import comparing, keeping, taking

CLAUSES = keeping.CLAUSES
SHOWN = 5


@transaction.atomic
def end_counting(plan_id: int, *, reason: str = "", version: int, actor: Actor, on: date) -> Plan:
    """End counting and compare what was seen with what should be there; late events and recounts are still taken in.

    Raises Refusal while places aren't finished, unless a reason is given; NotAllowed without `stocktake.plan`; Stale.
    """
    plan = keeping.held(plan_id, permissions.PLAN, (PlanState.COUNTING,), actor=actor, version=version)
    found = seeing.truth_of_plan(plan.pk)
    done = {
        int(task)
        for task in Event.objects.filter(plan=plan, kind="finish")
        .exclude(event_id__in=list(found.undone))
        .values_list("task_id", flat=True)
    }
    unfinished = list(
        Task.objects.filter(plan=plan).exclude(pk__in=done).order_by("pk").values_list("place", flat=True)
    )
    if unfinished and len(reason.strip()) < 2:
        raise Refusal(
            _("还有 %(count)s 处没有清点完毕（%(places)s），确需结束的请写明理由")
            % {"count": len(unfinished), "places": "、".join(name or _("未注明地点") for name in unfinished[:SHOWN])},
            clauses=CLAUSES,
            field="reason",
        )
    count = comparing.compare(plan, actor=actor, on=on)
    return keeping.save(
        plan,
        {"state": PlanState.CHECKING.value},
        events.COUNTED,
        reason=reason.strip()[:300],
        facts={"count": count},
        actor=actor,
        on=on,
    )


def _checked(plan_id: int, actor: Actor) -> Plan:
    """The plan, for its checker. Raises NotFound, NotAllowed unless the actor checks it, Refusal outside checking."""
    plan = keeping.locked(plan_id, actor)
    if not permissions.checks(actor, plan):
        permissions.refuse()
    keeping.stands(plan, (PlanState.CHECKING,))
    return plan


def _place_of(plan: Plan, code: str) -> Task:
    """The place of an asset, of the plan or seen in it."""
    key = Line.objects.filter(plan=plan, code=code).values_list("task_id", flat=True).first()
    if key is None:
        seen = Event.objects.filter(plan=plan, code=code).exclude(kind__in=CHECK_KINDS)
        key = seen.order_by("id").values_list("task_id", flat=True).first()
    if key is None:
        raise NotFound(_("这次盘点没有这件资产"))
    return Task.objects.get(pk=key)


@transaction.atomic
def decide(
    plan_id: int,
    code: str,
    device: str,
    *,
    seen: Sequence[str],
    note: str,
    received_at: datetime,
    actor: Actor,
    on: date,
) -> None:
    """The checker's word on an asset that counters saw differently: what `device` says counts, for a stated reason.

    `seen` are the events that were before the checker's eyes. Raises Refusal when more came in since or without a
    reason, NotAllowed unless the actor checks this stocktake (nobody who counted does), NotFound. Serves 3.4.1.
    """
    plan = _checked(plan_id, actor)
    words = keeping.said(note, "note")
    standing = seeing.truth_of_codes(plan.pk, [code]).of(code)
    view = next((one for one in standing.views if one.device == device), None)
    if view is None:
        raise NotFound(_("没有这次清点"))
    if set(standing.events) != set(seen):
        raise Refusal(_("又收到了新的清点记录，请看过后再认定"), clauses=CLAUSES)
    data: dict[str, Any] = {
        "seen": sorted(standing.events), "present": view.present, "condition": view.condition, "place": view.place,
        "text": view.place_text, "note": words,
    }  # fmt: skip
    if view.quantity_milli is not None:
        data["quantity"] = rules.plain_quantity(view.quantity_milli)
    task = _place_of(plan, code)
    made = taking.at_desk(task, [("decide", code, data)], received_at, actor)
    taking.keep_checked(plan, task, made, received_at=received_at, actor=actor, on=on)


@transaction.atomic
def recount(plan_id: int, codes: Sequence[str], *, note: str, received_at: datetime, actor: Actor, on: date) -> int:
    """Have assets counted again: what was seen of them so far is set aside, kept, and counts no more.

    Raises Refusal without a reason, for nothing chosen, or where a difference is settled already; NotAllowed; NotFound.
    """
    plan = _checked(plan_id, actor)
    words = keeping.said(note, "note")
    wanted = sorted(set(codes))
    if not wanted:
        raise Refusal(_("请选择要复盘的资产"), clauses=CLAUSES)
    settled = Difference.objects.filter(
        plan=plan, code__in=wanted, state__in=(DifferenceState.DECIDED, DifferenceState.SETTLED)
    ).exclude(kind=DifferenceKind.DISAGREE)
    if settled.exists():
        raise Refusal(_("已处理的差异不再复盘"), clauses=CLAUSES)
    found = seeing.truth_of_codes(plan.pk, wanted)
    for code in wanted:
        task = _place_of(plan, code)
        data = {"seen": sorted(found.of(code).events), "note": words}
        made = taking.at_desk(task, [("recount", code, data)], received_at, actor)
        taking.keep_checked(plan, task, made, received_at=received_at, actor=actor, on=on)
    return len(wanted)


@transaction.atomic
def confirm(plan_id: int, *, version: int, actor: Actor, on: date) -> Plan:
    """The checker confirms what was found: from here on differences are settled and nothing more is taken in.

    Raises Refusal while two counts disagree, a recount is awaited or a place that must be signed for isn't; NotAllowed
    unless the actor checks this stocktake; Stale. Serves 3.4.1.
    """
    plan = _checked(plan_id, actor)
    keeping.current(plan, version)
    comparing.compare(plan, actor=actor, on=on)
    torn = Difference.objects.filter(plan=plan, state=DifferenceState.OPEN, kind=DifferenceKind.DISAGREE)
    if (count := torn.count()) > 0:
        raise Refusal(_("还有 %(count)s 项两次清点不一致，请先认定或复盘") % {"count": count}, clauses=CLAUSES)
    found = seeing.truth_of_plan(plan.pk)
    awaited = [code for code, standing in found.standings.items() if standing.asked_again]
    if awaited:
        raise Refusal(_("还有 %(count)s 项等待复盘：%(codes)s")
                      % {"count": len(awaited), "codes": "、".join(awaited[:SHOWN])}, clauses=CLAUSES)  # fmt: skip
    if plan.needs_signature:
        signed = {int(event.at) for event in found.signatures if event.data.get("role") == "counter"}
        bare = list(
            Task.objects.filter(plan=plan).exclude(pk__in=signed).order_by("pk").values_list("place", flat=True)
        )
        if bare:
            raise Refusal(
                _("盘点人还没有签字：%(places)s")
                % {"places": "、".join(bare[:SHOWN]) + ("…" if len(bare) > SHOWN else "")},
                clauses=CLAUSES,
            )
    changes = {"state": PlanState.SETTLING.value, **sums_of(plan)}
    return keeping.save(plan, changes, events.SETTLING, actor=actor, on=on)


def sums_of(plan: Plan) -> dict[str, Any]:
    """What a plan's lines came to, and for a sample what they say of the whole."""
    counted = ~Q(outcome__in=(Outcome.NONE, Outcome.UNSEEN))
    sums = Line.objects.filter(plan=plan).aggregate(
        matched=Count("pk", filter=Q(outcome=Outcome.MATCH)),
        counted=Count("pk", filter=counted),
        fen=Sum("cost_fen", filter=counted),
    )
    made = bound_of(plan)
    return {
        "matched_count": sums["matched"],
        "counted_count": sums["counted"],
        "counted_fen": sums["fen"] or 0,
        "likely_fen": made.likely_fen,
        "most_fen": made.most_fen,
        "outcome_digest": lines_digest(plan.pk, FOUND),
    }


def bound_of(plan: Plan) -> sampling.Bound:
    """What is missing of the whole, in fen: known after a full count, bounded after a sample. Not seen is missing."""
    rows = Line.objects.filter(plan=plan).exclude(outcome=Outcome.MATCH).order_by()
    errors = []
    for cost, found, weight in rows.values_list("cost_fen", "found_fen", "weight"):
        if (missing := cost - (found or 0)) > 0:
            errors.append(sampling.Error(missing, cost, weight or 1))
    is_whole = plan.kind != PlanKind.SAMPLE or plan.line_count == plan.whole_count
    return sampling.bound(
        errors,
        interval=1 if is_whole else plan.interval,
        is_whole=is_whole,
        total_fen=plan.whole_fen,
        confidence_percent=plan.confidence_percent,
    )


@transaction.atomic
def reopen(plan_id: int, *, reason: str, version: int, actor: Actor, on: date) -> Plan:
    """Go back to checking, so that late events and recounts are taken in; what is settled stays settled.

    Raises Refusal without a reason or outside settling, NotAllowed unless the actor checks it or plans it, Stale.
    """
    plan = keeping.locked(plan_id, actor)
    if not (permissions.checks(actor, plan) or actor.may(permissions.PLAN, plan.division_code)):
        permissions.refuse()
    keeping.current(plan, version)
    keeping.stands(plan, (PlanState.SETTLING,))
    words = keeping.said(reason, "reason", 300)
    changes = {"state": PlanState.CHECKING.value, "outcome_digest": ""}
    return keeping.save(plan, changes, events.REOPENED, reason=words, actor=actor, on=on)
