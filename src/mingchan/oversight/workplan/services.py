"""Work plans (工作步骤服务): set up from the template, change days with a reason, confirm outputs, close stages."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.oversight.workplan import events, measures, permissions, queries, rules
from mingchan.oversight.workplan.drafts import OutputDraft, PaperDraft, StageDraft
from mingchan.oversight.workplan.models import (
    Closing,
    ClosingFigure,
    Confirmation,
    Output,
    Stage,
    StageDays,
    WorkPlan,
)

_PLAN, _STAGE, _CONFIRMATION, _CLOSING = queries.PROTECTED


def proposed(year: int, offices: Mapping[str, int]) -> list[StageDraft]:
    """The template's stages moved to a year, with the offices given by their keys. KeyError for a missing one."""
    template = policy.stage_template()
    years = year - template.year
    return [
        StageDraft(
            stage.code,
            stage.label,
            stage.label_en,
            stage.clause,
            rules.in_year(stage.starts_on, years),
            rules.in_year(stage.ends_on, years),
            offices[stage.office],
            tuple(
                OutputDraft(out.measure, out.label, out.label_en, out.clause, offices[out.office])
                for out in stage.outputs
            ),
        )
        for stage in template.stages
    ]


@transaction.atomic
def set_up(
    year: int,
    title: str,
    stages: Sequence[StageDraft],
    *,
    basis: str = "",
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> WorkPlan:
    """Set up the county's plan for a year (3.1–3.4).

    Raises NotAllowed without `workplan.manage` over the county; Refusal when the year has a plan already, stages are
    out of order, an office is no organisation of the county, or a measure is unknown.
    """
    permissions.require_manage(actor)
    _check_draft(year, title, stages, actor)
    try:
        with transaction.atomic():
            plan = WorkPlan.objects.create(
                county=actor.county,
                year=year,
                title=title.strip(),
                basis=basis.strip(),
                set_up_on=on,
                is_sample=is_sample,
            )
    except IntegrityError as error:
        raise Refusal(
            _("%(year)s 年的工作步骤已经设立") % {"year": year}, clauses=("3.1–3.4",), field="year"
        ) from error
    made = []
    for number, draft in enumerate(stages, start=1):
        stage = Stage.objects.create(
            plan=plan,
            code=draft.code,
            number=number,
            title=draft.title,
            title_en=draft.title_en,
            clause=draft.clause,
            office_id=draft.office,
        )
        StageDays.objects.create(stage=stage, number=1, starts_on=draft.starts_on, ends_on=draft.ends_on, entered_on=on)
        Output.objects.bulk_create(
            Output(
                stage=stage,
                number=place,
                measure=out.measure,
                title=out.title,
                title_en=out.title_en,
                clause=out.clause,
                office_id=out.office,
            )
            for place, out in enumerate(draft.outputs, start=1)
        )
        made.append(stage)
    evidence.record(events.SET_UP, Ref("workplan", plan.pk), actor=actor, on=on, after=protection.document(_PLAN, plan))
    for stage in made:
        evidence.record(
            events.STAGE_OPENED,
            Ref("workplan_stage", stage.pk),
            actor=actor,
            on=on,
            after=protection.document(_STAGE, stage),
            facts={"stage": stage.title},
        )
    return plan


def _check_draft(year: int, title: str, stages: Sequence[StageDraft], actor: Actor) -> None:
    if not 2000 <= year <= 2100:
        raise Refusal(_("年度应在 2000 至 2100 之间"), clauses=("3.1–3.4",), field="year")
    if not title.strip():
        raise Refusal(_("请填写名称"), clauses=("3.1–3.4",), field="title")
    if not stages:
        raise Refusal(_("至少要有一个阶段"), clauses=("3.1–3.4",))
    wrong = rules.out_of_order([(stage.starts_on, stage.ends_on) for stage in stages])
    if wrong is not None:
        raise Refusal(
            _("阶段“%(stage)s”的日期有误：截止不能早于开始，也不能与上一阶段重叠") % {"stage": stages[wrong].title},
            clauses=("3.1–3.4",),
            field=f"ends_{stages[wrong].code}",
        )
    offices = {stage.office for stage in stages} | {out.office for stage in stages for out in stage.outputs}
    known = Party.objects.filter(county=actor.county, pk__in=offices).exclude(kind=PartyKind.PERSON).count()
    if known != len(offices):
        raise Refusal(_("责任单位应是本县主体中的单位"), clauses=("4.1",), field="office")
    unknown = {out.measure for stage in stages for out in stage.outputs} - set(measures.known())
    if unknown:
        raise Refusal(_("有不认识的成果计量：%(codes)s") % {"codes": "、".join(sorted(unknown))})


def _locked(stage_id: int, actor: Actor) -> Stage:
    """The stage, locked through its plan's row order. Raises NotFound outside the county."""
    stage = (
        Stage.objects.select_for_update(of=("self",))
        .select_related("plan", "office")
        .filter(pk=stage_id, plan__county=actor.county)
        .first()
    )
    if stage is None:
        raise NotFound(_("工作步骤中没有这个阶段。"))
    return stage


@transaction.atomic
def change_days(
    stage_id: int, starts_on: date, ends_on: date, reason: str, seen: int, *, actor: Actor, on: date
) -> StageDays:
    """Enter other days for a stage, with the reason; the earlier entry stays (3.1–3.4).

    `seen` is the number of the entry that the form showed. Raises Stale when another was made since, Refusal for a
    closed stage, days in disorder, days as they are, or no reason; NotAllowed; NotFound.
    """
    stage = _locked(stage_id, actor)
    permissions.require_manage(actor)
    before = protection.document(_STAGE, stage)
    last = StageDays.objects.filter(stage=stage).order_by("-number")[0]
    if last.number != seen:
        raise Stale(
            _("这个阶段的日期刚被他人调整，请核对后再保存"),
            theirs={"starts_on": last.starts_on, "ends_on": last.ends_on},
            yours={"starts_on": starts_on, "ends_on": ends_on},
        )
    if Closing.objects.filter(stage=stage).exists():
        raise Refusal(_("阶段已办结，日期不再调整"), clauses=("3.1–3.4",))
    if not reason.strip():
        raise Refusal(_("请填写调整理由"), clauses=("3.1–3.4",), field="reason")
    if ends_on < starts_on:
        raise Refusal(_("截止日期不能早于开始日期"), clauses=("3.1–3.4",), field="ends_on")
    if (starts_on, ends_on) == (last.starts_on, last.ends_on):
        raise Refusal(_("没有改动"))
    if on < last.entered_on:
        raise Refusal(_("登记日期不能早于上一次调整"), clauses=("3.1–3.4",))
    entry = StageDays.objects.create(
        stage=stage,
        number=last.number + 1,
        starts_on=starts_on,
        ends_on=ends_on,
        entered_on=on,
        reason=reason.strip(),
    )
    evidence.record(
        events.DAYS_CHANGED,
        Ref("workplan_stage", stage.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(_STAGE, stage),
        reason=reason.strip(),
        facts={"stage": stage.title, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()},
    )
    return entry


@transaction.atomic
def confirm(output_id: int, note: str, *, paper: PaperDraft | None = None, actor: Actor, on: date) -> Confirmation:
    """Confirm an output in the name of the actor's office (成果确认), with the figure of the day and a paper (3.1–3.4).

    Raises NotFound, NotAllowed for who neither arranges the stages nor belongs to the office that answers, Refusal
    without a note or for a paper that can't be kept.
    """
    output = (
        Output.objects.select_related("stage", "stage__plan", "office")
        .filter(pk=output_id, stage__plan__county=actor.county)
        .first()
    )
    if output is None:
        raise NotFound(_("工作步骤中没有这项成果。"))
    own = queries.own_office(actor)
    permissions.require_confirm(actor, own, output.office_id)
    if not note.strip():
        raise Refusal(_("请填写确认说明"), clauses=("3.1–3.4",), field="note")
    reading = measures.read_all([output.measure], actor, on).get(output.measure)
    office = Party.objects.get(pk=own) if own is not None else output.office
    document = _keep(paper, Ref("workplan_output", output.pk), actor=actor, on=on)
    made = Confirmation.objects.create(
        output=output,
        office=office,
        confirmed_on=on,
        done=min(reading.done, reading.total) if reading is not None else 0,
        total=reading.total if reading is not None else 0,
        is_counted=reading is not None,
        note=note.strip(),
        document=document,
        confirmed_by=actor.name,
    )
    evidence.record(
        events.CONFIRMED,
        Ref("workplan_confirmation", made.pk),
        actor=actor,
        on=on,
        after=protection.document(_CONFIRMATION, made),
        facts={"office": office.name, "output": output.title},
    )
    return made


def _keep(paper: PaperDraft | None, owner: Ref, *, actor: Actor, on: date) -> str:
    """Keep an uploaded paper; its reference, empty without one."""
    if paper is None:
        return ""
    kept = evidence.attach(
        paper.content,
        name=paper.name,
        owner=owner,
        division=actor.county.ljust(12, "0"),
        kind=AttachmentKind.OTHER,
        actor=actor,
        on=on,
    )
    return str(Ref("attachment", kept.pk))


@transaction.atomic
def close(stage_id: int, note: str, seen: int, *, paper: PaperDraft | None = None, actor: Actor, on: date) -> Closing:
    """Close a stage and keep its figures as they stand (阶段办结, 3.1–3.4); closed again, another entry stands beside.

    `seen` is how many closings the form showed. Raises Stale when there is another, Refusal before the stage begins,
    before the last closing or without a note; NotAllowed; NotFound.
    """
    stage = _locked(stage_id, actor)
    permissions.require_manage(actor)
    last = Closing.objects.filter(stage=stage).order_by("-number").first()
    if (last.number if last is not None else 0) != seen:
        raise Stale(
            _("这个阶段刚被他人办结，请核对后再办理"),
            theirs={"number": last.number if last is not None else 0},
            yours={"number": seen},
        )
    days = StageDays.objects.filter(stage=stage).order_by("-number")[0]
    if on < days.starts_on:
        raise Refusal(_("阶段还没有开始，不能办结"), clauses=("3.1–3.4",))
    if last is not None and on < last.closed_on:
        raise Refusal(_("办结日期不能早于上一次办结"), clauses=("3.1–3.4",))
    if not note.strip():
        raise Refusal(_("请填写办结说明"), clauses=("3.1–3.4",), field="note")
    outputs = list(Output.objects.filter(stage=stage).order_by("number"))
    readings = measures.read_all([output.measure for output in outputs], actor, on)
    found = {output.pk: readings.get(output.measure) for output in outputs}
    percent = rules.stage_percent(
        None if reading is None else rules.percent(reading.done, reading.total) for reading in found.values()
    )
    document = _keep(paper, Ref("workplan_stage", stage.pk), actor=actor, on=on)
    made = Closing.objects.create(
        stage=stage,
        number=seen + 1,
        closed_on=on,
        percent=percent,
        note=note.strip(),
        document=document,
        closed_by=actor.name,
    )
    ClosingFigure.objects.bulk_create(
        ClosingFigure(
            closing=made,
            output_id=output_id,
            done=min(reading.done, reading.total) if reading is not None else 0,
            total=reading.total if reading is not None else 0,
            is_counted=reading is not None,
        )
        for output_id, reading in found.items()
    )
    evidence.record(
        events.CLOSED,
        Ref("workplan_closing", made.pk),
        actor=actor,
        on=on,
        after=protection.document(_CLOSING, made),
        facts={"stage": stage.title, "percent": percent},
    )
    return made
