"""Carrying measures out and following their steps (落实盘活措施): by a list, by moving, by operation's cases."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation.choices import ChangeStatus
from mingchan.lifecycle.operation.models import Change
from mingchan.lifecycle.revival import events, permissions
from mingchan.lifecycle.revival.choices import Kind, State, StepKind
from mingchan.lifecycle.revival.models import Measure, Step
from mingchan.lifecycle.revival.queries.documents import document
from mingchan.lifecycle.revival.services import keeping
from mingchan.register.assets.models import Asset
from mingchan.register.handover import services as handover
from mingchan.register.handover.choices import HandoverKind
from mingchan.register.handover.choices import State as ListState
from mingchan.register.handover.drafts import HandoverDraft
from mingchan.register.handover.models import Handover
from mingchan.register.sites import services as sites
from mingchan.register.sites.drafts import Place


@transaction.atomic
def carry_out(measure_id: int, *, version: int, actor: Actor, on: date) -> Measure:
    """Carry out a measure that was agreed to: draft the list by which the use passes, or move the things.

    The list is signed by both sides before anything passes; a move is done at once. Raises Refusal in another state
    or as handover and sites do; Stale, NotFound, NotAllowed. Serves 2.6.2, 3.3.
    """
    measure = keeping.locked(measure_id, permissions.PROPOSE, State.APPROVED, actor=actor, version=version)
    ids = keeping.assets_of(measure)
    if not ids:
        raise Refusal(_("措施涉及的资产都已不在册"), clauses=keeping.CLAUSES)
    before = document(measure)
    if measure.kind == Kind.TRANSFER:
        kind, words = StepKind.MOVE, _("盘活措施 %(number)s") % {"number": measure.number}
        sites.relocate(ids, Place(site=measure.site_id), words, actor=actor, on=on)
        assert measure.site_id is not None
        keeping.add_step(measure, kind, Ref("site", measure.site_id), on, done=True)
        changes = {"state": State.DONE, "done_on": on}
    else:
        kind = StepKind.HANDOVER
        keeping.add_step(measure, kind, Ref("handover", _listed(measure, ids, actor, on).pk), on)
        changes = {"state": State.ACTING}
    with translation.override("zh-hans"):
        step = str(kind.label)
    keeping.save(
        measure, changes, events.BEGUN, before=before, actor=actor, on=on,
        facts={"number": measure.number, "step": step},
    )  # fmt: skip
    return measure


def _listed(measure: Measure, ids: list[int], actor: Actor, on: date) -> Handover:
    """The drafted list by which the right to use passes from its present holder to the new one."""
    user = Asset.objects.filter(pk=ids[0]).values_list("user_id", flat=True).get()
    assert measure.party_id is not None
    assert measure.case is not None
    head = HandoverDraft(
        HandoverKind.USE,
        user or 0,
        measure.party_id,
        measure.reason,
        basis=f"{measure.number}（{measure.case.reference}）",
    )
    return handover.draft(ids, head, actor=actor, on=on, is_sample=measure.is_sample)


@transaction.atomic
def settle(measure_id: int, *, actor: Actor, on: date) -> Measure:
    """Look at the steps of a measure under way: it is done when each is, stopped when one came to nothing (2.6.2).

    Raises Refusal while nothing has changed; NotFound, NotAllowed.
    """
    measure = keeping.locked(measure_id, permissions.PROPOSE, State.ACTING, actor=actor)
    if not _settle(measure, actor, on):
        raise Refusal(_("各落实环节没有新的进展"), clauses=keeping.CLAUSES)
    return measure


@transaction.atomic
def follow(*, actor: Actor, on: date) -> int:
    """Settle every measure under way as far as its steps are; returns how many changed. By the clock, every night."""
    rows = Measure.objects.select_for_update(of=("self",)).filter(county=actor.county, state=State.ACTING)
    return sum(_settle(measure, actor, on) for measure in rows.order_by("pk"))


def _settle(measure: Measure, actor: Actor, on: date) -> bool:
    steps = list(Step.objects.filter(measure=measure, done_on__isnull=True).order_by("pk"))
    ended, failed = _outcomes(steps)
    if not ended and not failed:
        return False
    before = document(measure)
    for step in steps:
        if step.pk in ended:
            step.done_on = max(ended[step.pk], step.begun_on)
            step.save(update_fields=["done_on"])
    facts = {"number": measure.number}
    if failed:
        _close(measure, _("落实环节未获同意或已撤销"), before=before, actor=actor, on=on)
    elif len(ended) == len(steps):
        day = max((step.done_on for step in Step.objects.filter(measure=measure) if step.done_on), default=on)
        keeping.save(
            measure, {"state": State.DONE, "done_on": day}, events.DONE, before=before, actor=actor, on=on, facts=facts
        )
    else:
        with translation.override("zh-hans"):
            words = "、".join(str(StepKind(step.kind).label) for step in steps if step.pk in ended)
        keeping.save(measure, {}, events.BEGUN, before=before, actor=actor, on=on, facts={**facts, "step": words})
    return True


def _outcomes(steps: Iterable[Step]) -> tuple[dict[int, date], list[int]]:
    """Steps that came to their end with the day, and steps that came to nothing: two statements at most."""
    named = {step.pk: Ref.parse(step.ref) for step in steps}
    changes = {ref.id: key for key, ref in named.items() if ref.kind == "operation_change"}
    lists = {ref.id: key for key, ref in named.items() if ref.kind == "handover"}
    ended: dict[int, date] = {}
    failed: list[int] = []
    if changes:
        for key, status, day in Change.objects.filter(pk__in=list(changes)).values_list("pk", "status", "done_on"):
            if status == ChangeStatus.DONE and day is not None:
                ended[changes[key]] = day
            elif status == ChangeStatus.REJECTED:
                failed.append(changes[key])
    if lists:
        for key, state, day in Handover.objects.filter(pk__in=list(lists)).values_list("pk", "state", "executed_on"):
            if state == ListState.EXECUTED and day is not None:
                ended[lists[key]] = day
            elif state == ListState.CANCELLED:
                failed.append(lists[key])
    return ended, failed


@transaction.atomic
def stop(measure_id: int, *, reason: str, version: int, actor: Actor, on: date) -> Measure:
    """Give up a measure that was agreed to or is under way; what its steps have begun is ended where it is dealt with.

    Raises Refusal while a step is unfinished (its case is withdrawn or its list cancelled first), or without a reason.
    """
    measure = keeping.locked(
        measure_id, permissions.PROPOSE, State.APPROVED, State.ACTING, actor=actor, version=version
    )
    if not reason.strip():
        raise Refusal(_("请填写终止原因"), clauses=keeping.CLAUSES, field="reason")
    open_steps = list(Step.objects.filter(measure=measure, done_on__isnull=True))
    _ended, failed = _outcomes(open_steps)
    if len(failed) < len(open_steps):
        raise Refusal(_("请先撤回正在办理的审批事项或撤销移交清单，再终止措施"), clauses=keeping.CLAUSES)
    _close(measure, reason.strip()[:300], before=document(measure), actor=actor, on=on)
    return measure


def _close(measure: Measure, why: str, *, before: dict[str, object], actor: Actor, on: date) -> None:
    keeping.save(
        measure, {"state": State.STOPPED, "closed_on": on, "why_closed": why}, events.STOPPED, before=before,
        actor=actor, on=on, reason=why, facts={"number": measure.number},
    )  # fmt: skip
