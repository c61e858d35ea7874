"""A year's tracking (年度跟踪监测): planned, drawn once, looked at by each office (3.4.2)."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.oversight.jointwork import events, permissions, rules
from mingchan.oversight.jointwork.choices import Look, PlanState, Weighting
from mingchan.oversight.jointwork.drafts import PlanDraft
from mingchan.oversight.jointwork.models import Looked, Plan, Sample
from mingchan.oversight.jointwork.queries import plans
from mingchan.oversight.jointwork.queries.documents import document
from mingchan.oversight.jointwork.services.numbering import next_serial

CLAUSES = ("3.4.2",)
MOST_SAMPLES = 500


@transaction.atomic
def make_plan(draft: PlanDraft, *, actor: Actor, on: date, is_sample: bool = False) -> Plan:
    """Plan a year's tracking. Raises NotAllowed without `jointwork.plan`; Refusal for what can't be. Serves 3.4.2."""
    permissions.require(actor, permissions.PLAN)
    if not 1 <= draft.sample_size <= MOST_SAMPLES:
        raise Refusal(_("抽样项数须在 1 到 500 之间。"), clauses=CLAUSES, field="sample_size")
    if draft.weighting not in Weighting.values:
        raise Refusal(_("没有这种抽样方法。"), clauses=CLAUSES, field="weighting")
    if not draft.title.strip() or len(draft.aims.strip()) < 4:
        raise Refusal(_("请写明方案名称和监测重点。"), clauses=CLAUSES, field="aims")
    if draft.due_on < on:
        raise Refusal(_("完成期限不能早于制定日期。"), clauses=CLAUSES, field="due_on")
    if not 2000 <= draft.year <= on.year:
        raise Refusal(_("监测年度不能晚于今年。"), clauses=CLAUSES, field="year")
    plan = Plan.objects.create(
        county=actor.county,
        number=rules.plan_number(draft.year, next_serial(actor.county, "plan", draft.year)),
        year=draft.year,
        title=draft.title.strip(),
        aims=draft.aims.strip(),
        made_on=on,
        due_on=draft.due_on,
        sample_size=draft.sample_size,
        weighting=draft.weighting,
        made_by=actor.name,
        is_sample=is_sample,
    )
    facts = {"number": plan.number, "year": plan.year}
    evidence.record(events.PLANNED, Ref("tracking", plan.pk), actor=actor, on=on, after=document(plan), facts=facts)
    return plan


def locked(plan_id: int, state: str, right: str, *, actor: Actor) -> Plan:
    """The plan, held until the transaction ends. Raises NotFound, NotAllowed, Refusal in another state."""
    plan = permissions.plan(actor, Plan.objects.select_for_update().filter(pk=plan_id).first())
    permissions.require(actor, right)
    if plan.state != state:
        raise Refusal(
            _("%(number)s 现在是“%(state)s”，不能这样办理。")
            % {"number": plan.number, "state": plan.get_state_display()},
            clauses=CLAUSES,
        )
    return plan


def save(plan: Plan, before: dict[str, Any], kind: EventKind, *, actor: Actor, on: date, facts: dict[str, Any]) -> None:
    """Write the plan's own row and leave its trace."""
    plan.version += 1
    plan.save(force_update=True)
    evidence.record(
        kind, Ref("tracking", plan.pk), actor=actor, on=on, before=before, after=document(plan),
        facts={"number": plan.number, **facts},
    )  # fmt: skip


@transaction.atomic
def draw(plan_id: int, *, seen: int, actor: Actor, on: date) -> Plan:
    """Draw the plan's sample, once, from the register as it is, by a seed made of the log's root (3.4.2).

    Raises NotFound, NotAllowed, Stale; Refusal when it is drawn already or the register is empty.
    """
    plan = locked(plan_id, PlanState.DRAFT, permissions.PLAN, actor=actor)
    if plan.version != seen:
        raise Stale(_("方案刚被他人修改，请核对后再抽样。"), theirs={"version": plan.version}, yours={"version": seen})
    before = document(plan)
    frame = plans.frame(actor.county)
    if not frame:
        raise Refusal(_("台账里没有在册资产，无从抽样。"), clauses=CLAUSES)
    checkpoint = log.latest_checkpoint()
    plan.checkpoint = checkpoint.text
    plan.seed = rules.seed_of(plan.number, checkpoint.root)
    weighed = [rules.Weighed(card.code, rules.weight_of(plan.weighting, card.cost_fen)) for card in frame]
    plan.frame_count, plan.frame_fen = len(frame), sum(card.cost_fen for card in frame)
    plan.frame_digest, plan.drawn_on = rules.frame_digest(weighed), on
    plan.state = PlanState.DRAWN
    chosen = set(rules.draw(weighed, plan.sample_size, plan.seed))
    cards = [card for card in frame if card.code in chosen]
    plan.version += 1
    plan.save(force_update=True)
    Sample.objects.bulk_create(
        Sample(
            plan=plan, place=place, asset_id=card.id, code=card.code, name=card.name,
            division_code=card.division_code, cost_fen=card.cost_fen,
        )
        for place, card in enumerate(cards, start=1)
    )  # fmt: skip
    evidence.record(
        events.DRAWN, Ref("tracking", plan.pk), actor=actor, on=on, before=before, after=document(plan),
        facts={"number": plan.number, "count": len(cards), "frame": len(frame), "seed": plan.seed},
    )  # fmt: skip
    return plan


@transaction.atomic
def look(sample_id: int, office: str, result: str, note: str = "", *, actor: Actor, on: date) -> Looked:
    """Note what an office found of a drawn asset (3.4.2, 3.4.1).

    Raises NotFound, NotAllowed for another office; Refusal when the year is concluded, or without a word on what is
    wrong.
    """
    sample = Sample.objects.filter(pk=sample_id).first()
    plan = locked(sample.plan_id if sample else 0, PlanState.DRAWN, permissions.SIGN, actor=actor)
    assert sample is not None
    permissions.require_office(actor, office)
    if result not in Look.values:
        raise Refusal(_("请选择核查结果。"), clauses=CLAUSES, field="look")
    if result != Look.RIGHT and not note.strip():
        raise Refusal(_("请说明哪里不符。"), clauses=("3.4.1",), field="note")
    number = Looked.objects.filter(sample=sample, office=office).count() + 1
    try:
        looked = Looked.objects.create(
            sample=sample, office=office, number=number, look=result, note=note.strip()[:300], on=on,
            looked_by=actor.name,
        )  # fmt: skip
    except IntegrityError:  # pragma: no cover - the plan's lock keeps two looks apart
        raise Refusal(_("这项资产刚被核查过，请刷新后再填。"), clauses=CLAUSES) from None
    evidence.record(
        events.LOOKED, Ref("tracking_look", looked.pk), actor=actor, on=on, after=document(looked),
        division=sample.division_code or plan.county,
        facts={"code": sample.code, "look": str(Look(result).label)},
    )  # fmt: skip
    return looked
