"""Projects and their stages (项目与阶段): opening, revising, sub-projects, money, and what was done when (2.6.1a)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import canonical
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.money import LARGEST_FEN
from mingchan.kernel.refs import Ref
from mingchan.register.funding import events, permissions, queries, rules
from mingchan.register.funding.choices import RowStatus, StageKind, System
from mingchan.register.funding.drafts import LineDraft, Paper, ProjectDraft, StageDraft
from mingchan.register.funding.models import Appropriation, Project, ProjectLine, Stage
from mingchan.register.funding.services import entering, writing

_FAULTS = {
    "stage_unknown": _("没有这个项目阶段"),
    "stage_without_day": _("请填写这个阶段的日期"),
    "date_in_future": _("日期晚于今天"),
}
_CLAUSE = ("2.6.1a",)


def _document(row: models.Model) -> dict[str, Any]:
    return canonical.without_nulls({name: getattr(row, name) for name in writing.names(type(row))})


@transaction.atomic
def open_project(
    draft: ProjectDraft,
    lines: Sequence[LineDraft] = (),
    *,
    source: Ref,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> int:
    """Register a project of a year with its sub-projects and return its id. Serves 2.6.1a.

    A sub-project of that year that stands without a project joins it. Raises NotAllowed without `project.manage`,
    Refusal for a project or sub-project that is there already, and for a budget out of range.
    """
    division = writing.county_code(actor)
    permissions.require_manage(actor, division)
    values = _checked(draft, actor)
    try:
        with transaction.atomic():
            project = Project.objects.create(
                county=actor.county,
                division_code=division,
                source=str(source),
                created_on=on,
                is_sample=is_sample,
                **values,
            )
    except IntegrityError as error:
        raise Refusal(_("这一年已有同名项目"), clauses=_CLAUSE, field="name") from error
    evidence.record(
        events.PROJECT_OPENED,
        Ref("project", project.pk),
        actor=actor,
        on=on,
        after=_document(project),
        division=division,
        facts={"name": project.name},
    )
    for line in lines:
        open_line(project.pk, line, source=source, actor=actor, on=on, is_sample=is_sample)
    return int(project.pk)


@transaction.atomic
def revise_project(project_id: int, draft: ProjectDraft, version: int, reason: str, *, actor: Actor, on: date) -> int:
    """Correct a project's name, year, programme, office, budget or note; returns its new version. Serves 2.6.1a.

    Raises Stale when somebody saved it first, Refusal without a reason, NotFound, NotAllowed.
    """
    project = locked(project_id, actor)
    values = _checked(draft, actor)
    if project.version != version:
        theirs = {name: getattr(project, name) for name in values}
        raise Stale(_("这个项目刚被他人修改，请核对后再保存"), theirs=theirs, yours=values)
    if not reason.strip():
        raise Refusal(_("请填写更正理由"), clauses=_CLAUSE, field="reason")
    if all(getattr(project, name) == value for name, value in values.items()):
        raise Refusal(_("没有改动"))
    before = _document(project)
    for name, value in values.items():
        setattr(project, name, value)
    project.version += 1
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        raise Refusal(_("这一年已有同名项目"), clauses=_CLAUSE, field="name") from error
    evidence.record(
        events.PROJECT_REVISED,
        Ref("project", project.pk),
        actor=actor,
        on=on,
        before=before,
        after=_document(project),
        division=project.division_code,
        reason=reason.strip(),
        facts={"name": project.name},
    )
    return project.version


def locked(project_id: int, actor: Actor) -> Project:
    """The project, locked for this transaction. Raises NotFound out of reach, NotAllowed without the right."""
    project = queries.projects_visible_to(actor).select_for_update().filter(pk=project_id).first()
    if project is None:
        raise NotFound(_("没有这个项目，或不在您的权限范围内"))
    permissions.require_manage(actor, project.division_code)
    return project


def _checked(draft: ProjectDraft, actor: Actor) -> dict[str, Any]:
    """The project's columns, cleaned. Raises Refusal."""
    name = draft.name.strip()
    if not name:
        raise Refusal(_("请填写项目名称"), clauses=_CLAUSE, field="name")
    if not 1990 <= draft.year <= 2100:
        raise Refusal(_("请填写四位数的项目年度"), clauses=_CLAUSE, field="year")
    if draft.budget_fen is not None and not 0 <= draft.budget_fen <= LARGEST_FEN:
        raise Refusal(_("金额为负或过大"), clauses=_CLAUSE, field="budget_fen")
    if draft.office_id is not None:
        _office_exists(draft.office_id, actor)
    return {**draft._asdict(), "name": name, "programme": draft.programme.strip(), "note": draft.note.strip()}


def _office_exists(party_id: int, actor: Actor) -> None:
    if queries.spender(party_id).county != actor.county:
        raise NotFound(_("没有这个单位"))


@transaction.atomic
def open_line(
    project_id: int, draft: LineDraft, *, source: Ref, actor: Actor, on: date, is_sample: bool = False
) -> int:
    """Add a sub-project to a project and return its id; one of that year and name without a project joins it.

    A blank system is read from the name. Raises Refusal when the name is blank, taken, or the system unknown. 2.6.1a.
    """
    project = locked(project_id, actor)
    name = draft.name.strip()
    if not name:
        raise Refusal(_("请填写子项目名称"), clauses=_CLAUSE, field="name")
    if draft.system and draft.system not in System.values:
        raise Refusal(_("没有这个体系"), clauses=_CLAUSE, field="system")
    present = ProjectLine.objects.filter(county=actor.county, year=project.year, name=name).first()
    if present is not None:
        if present.project_id is not None:
            raise Refusal(_("这一年已有同名子项目"), clauses=_CLAUSE, field="name")
        _assign(ProjectLine, "project_line", [present.pk], project, events.LINE_ASSIGNED, source, actor, on)
        return int(present.pk)
    system, tiers = (draft.system, draft.tiers) if draft.system else rules.part_of_register(name)
    line = ProjectLine.objects.create(
        county=actor.county,
        name=name,
        year=project.year,
        system=system,
        tiers=tiers,
        project=project,
        created_on=on,
        is_sample=is_sample,
    )
    names = writing.names(ProjectLine)
    row = [getattr(line, field) for field in names]
    writing.record(events.LINE_OPENED, "project_line", names, [row], source=source, actor=actor, on=on)
    return int(line.pk)


@transaction.atomic
def assign(
    project_id: int,
    *,
    lines: Sequence[int] = (),
    appropriations: Sequence[int] = (),
    source: Ref,
    actor: Actor,
    on: date,
) -> int:
    """Say which sub-projects and which money sent down belong to a project; returns how many. Serves 2.6.1a.

    Raises NotFound for what isn't there, Refusal for what belongs to another project already.
    """
    project = locked(project_id, actor)
    if not lines and not appropriations:
        raise Refusal(_("请至少选择一项"), clauses=_CLAUSE)
    return _assign(ProjectLine, "project_line", lines, project, events.LINE_ASSIGNED, source, actor, on) + _assign(
        Appropriation, "appropriation", appropriations, project, events.APPROPRIATION_ASSIGNED, source, actor, on
    )


def _assign(
    model: type[models.Model],
    noun: str,
    ids: Sequence[int],
    project: Project,
    kind: Any,
    source: Ref,
    actor: Actor,
    on: date,
) -> int:
    wanted = set(ids)
    if not wanted:
        return 0
    names = writing.names(model)
    rows = model._default_manager.select_for_update().filter(pk__in=wanted, county=actor.county)
    if model is Appropriation:
        rows = rows.filter(status=RowStatus.ACTIVE)
    before = list(rows.order_by("pk").values_list(*names))
    if len(before) != len(wanted):
        raise NotFound(_("所选的子项目或资金不存在"))
    place = names.index("project_id")
    if any(row[place] not in (None, project.pk) for row in before):
        raise Refusal(_("所选的子项目或资金已归入其他项目"), clauses=_CLAUSE)
    before = [row for row in before if row[place] is None]
    if not before:
        return 0
    model._default_manager.filter(pk__in=[row[0] for row in before]).update(project=project)
    writing.record(
        kind,
        noun,
        names,
        before,
        source=source,
        actor=actor,
        on=on,
        changed={"project_id": project.pk},
        facts={"name": project.name},
    )
    return len(before)


@transaction.atomic
def record_stage(
    project_id: int,
    draft: StageDraft,
    papers: Sequence[Paper] = (),
    *,
    replaces: int | None = None,
    reason: str = "",
    source: Ref,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> int:
    """Enter that a project, or a sub-project of it, reached a stage, with its papers; returns the entry's id.

    An entry that is there already is corrected by naming it in `replaces` and giving a reason; it stays to be read.
    Raises Stale when another entry holds by now, Refusal for a day to come or a correction without reason, NotFound,
    NotAllowed; nothing is kept when a paper can't be. Serves 2.6.1a.
    """
    project = locked(project_id, actor)
    faults = rules.faults_of_stage(draft, on)
    if faults:
        raise Refusal(_FAULTS[faults[0].code], clauses=_CLAUSE, field=faults[0].field)
    assert draft.happened_on is not None  # the rule above
    if draft.line_id is not None and not ProjectLine.objects.filter(pk=draft.line_id, project=project).exists():
        raise NotFound(_("这个项目没有这个子项目"))
    if draft.office_id is not None:
        _office_exists(draft.office_id, actor)
    present = Stage.objects.filter(
        project=project, line=draft.line_id, kind=draft.kind, replaced_by__isnull=True
    ).first()
    if (present.pk if present is not None else None) != replaces:
        theirs = _shown(present)
        raise Stale(_("这个阶段刚被他人登记，请核对后再保存"), theirs=theirs, yours=draft._asdict())
    if present is not None and not reason.strip():
        raise Refusal(_("更正已登记的阶段须说明理由"), clauses=_CLAUSE, field="reason")
    stage = Stage.objects.create(
        project=project,
        line_id=draft.line_id,
        kind=draft.kind,
        happened_on=draft.happened_on,
        happened_precision=str(draft.happened_precision),
        office_id=draft.office_id,
        note=draft.note.strip(),
        replaces=present,
        reason=reason.strip() if present is not None else "",
        division_code=project.division_code,
        source=str(source),
        recorded_on=on,
        is_sample=is_sample,
    )
    ref = Ref("stage", stage.pk)
    entering.attach(ref, papers, project.division_code, actor=actor, on=on)
    evidence.record(
        events.STAGE_CORRECTED if present is not None else events.STAGE_RECORDED,
        ref,
        actor=actor,
        on=on,
        after=_document(stage),
        division=project.division_code,
        reason=stage.reason,
        facts={"name": project.name, "stage": _t(str(StageKind(draft.kind).label))},
    )
    return int(stage.pk)


def _shown(stage: Stage | None) -> dict[str, Any]:
    return {} if stage is None else {"happened_on": stage.happened_on, "note": stage.note}
