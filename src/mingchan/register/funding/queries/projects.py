"""Reading projects (项目查询): lists with the progress of stages, one project's stages, money and papers (2.6.1a)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.models import Attachment
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.register.funding import rules
from mingchan.register.funding.choices import OWN_STAGES, StageKind, StageState
from mingchan.register.funding.models import Appropriation, Project, ProjectLine, Stage
from mingchan.register.funding.queries.money import PAGE, Totals, appropriations_visible_to, in_scope, visible_to, whole


class ProjectRow(NamedTuple):
    """A project as lists show it; `done` of the seven own stages, amounts in fen, the stages that are missing."""

    id: int
    name: str
    year: int
    programme: str
    office: str
    budget_fen: int | None
    is_sample: bool
    done: int
    states: dict[str, str]
    received_fen: int
    paid_fen: int
    asset_fen: int


class LineRow(NamedTuple):
    """A sub-project of a project with its payments, in fen."""

    id: int
    name: str
    system: str
    tiers: str
    uses: int
    paid_fen: int
    asset_fen: int
    expense_fen: int


class StageRow(NamedTuple):
    """A stage of a project: how it stands, the entry that holds, its papers, those it replaced."""

    kind: str
    label: str
    state: str
    entry: Stage | None
    papers: Sequence[Attachment]
    earlier: Sequence[Stage]
    out_of_order: bool


def projects_visible_to(actor: Actor) -> "QuerySet[Project]":
    """Projects of the actor's county inside the divisions over which it may see money."""
    return in_scope(Project.objects.all(), actor, counting=False)


def project_rows(
    actor: Actor, *, year: int | None = None, after: str | None = None, limit: int = PAGE
) -> tuple[list[ProjectRow], str | None]:
    """A page of projects, the newest first, with stages and money, in five statements; where the next one starts."""
    rows = projects_visible_to(actor).select_related("office")
    if year is not None:
        rows = rows.filter(year=year)
    if (last := whole(after)) is not None:
        rows = rows.filter(id__lt=last)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    ids = [row.pk for row in page]
    entered = _entered(ids)
    received = dict(
        appropriations_visible_to(actor)
        .filter(project__in=ids)
        .order_by()
        .values_list("project")
        .annotate(total=Sum("amount_fen"))
    )
    spent = {
        key: (paid, asset)
        for key, paid, asset in visible_to(actor)
        .filter(line__project__in=ids)
        .order_by()
        .values_list("line__project")
        .annotate(paid=Sum("paid_fen"), asset=Sum("asset_fen"))
    }
    shown = []
    for row in page:
        states = rules.stage_states(entered.get(row.pk, {}))
        done = sum(states[kind] in (StageState.DONE, StageState.NO_PAPER) for kind in OWN_STAGES)
        paid, asset = spent.get(row.pk, (0, 0))
        shown.append(
            ProjectRow(
                row.pk, row.name, row.year, row.programme, row.office.name if row.office else "", row.budget_fen,
                row.is_sample, done, states, received.get(row.pk, 0), paid, asset,
            )
        )  # fmt: skip
    return shown, str(page[-1].pk) if len(found) > limit else None


def _entered(project_ids: Sequence[int]) -> dict[int, dict[str, bool]]:
    """For each project the stages of the whole project that have a day, and whether any entry has a paper."""
    entries = list(
        Stage.objects.filter(project__in=project_ids, line__isnull=True).values_list("id", "project_id", "kind")
    )
    papers = evidence.attachments_of_many([Ref("stage", key) for key, _project, _kind in entries])
    found: dict[int, dict[str, bool]] = {}
    for key, project_id, kind in entries:
        stages = found.setdefault(project_id, {})
        stages[kind] = stages.get(kind, False) or bool(papers.get(str(Ref("stage", key))))
    return found


def project(pk: int, actor: Actor) -> Project:
    """One visible project with its office. Raises NotFound."""
    found = projects_visible_to(actor).select_related("office").filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("没有这个项目，或不在您的权限范围内"))
    return found


def stages_of(of: Project, line_id: int | None = None) -> list[StageRow]:
    """The ten stages of a project, or of one of its sub-projects, in the order of the plan."""
    entries = list(
        Stage.objects.filter(project=of, line=line_id).select_related("office", "replaced_by").order_by("id")
    )
    papers = evidence.attachments_of_many([Ref("stage", entry.pk) for entry in entries])
    by_kind: dict[str, list[Stage]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    kept = {
        kind: [paper for entry in group for paper in papers.get(str(Ref("stage", entry.pk)), [])]
        for kind, group in by_kind.items()
    }
    held = {
        kind: next(entry for entry in group if not hasattr(entry, "replaced_by")) for kind, group in by_kind.items()
    }
    states = rules.stage_states({kind: bool(kept[kind]) for kind in held})
    days = {kind: entry.happened_on for kind, entry in held.items()}
    late = set(rules.stages_out_of_order(days))
    return [
        StageRow(
            kind.value,
            str(kind.label),
            states[kind.value],
            held.get(kind.value),
            kept.get(kind.value, []),
            [entry for entry in by_kind.get(kind.value, []) if entry is not held.get(kind.value)],
            kind.value in late,
        )
        for kind in StageKind
    ]


def entries_of(of: Project) -> list[tuple[int | None, str, date]]:
    """The stages of sub-projects that hold: sub-project, stage, day."""
    held = Stage.objects.filter(project=of, line__isnull=False, replaced_by__isnull=True).order_by("id")
    return list(held.values_list("line_id", "kind", "happened_on"))


def project_lines(of: Project, actor: Actor) -> list[LineRow]:
    """The sub-projects of a project with the sums of their payments."""
    sums = {
        row[0]: row[1:]
        for row in visible_to(actor)
        .filter(line__project=of)
        .order_by()
        .values_list("line")
        .annotate(n=Count("id"), p=Sum("paid_fen"), a=Sum("asset_fen"), e=Sum("expense_fen"))
    }
    found = ProjectLine.objects.filter(project=of).order_by("id").values_list("id", "name", "system", "tiers")
    return [LineRow(*row, *sums.get(row[0], (0, 0, 0, 0))) for row in found]


def project_money(of: Project, actor: Actor) -> tuple[int, Totals]:
    """Fen received for a project, and the sums of its payments."""
    sent = appropriations_visible_to(actor).filter(project=of).aggregate(total=Sum("amount_fen"))["total"] or 0
    found = (
        visible_to(actor)
        .filter(line__project=of)
        .aggregate(n=Count("id"), p=Sum("paid_fen"), a=Sum("asset_fen"), e=Sum("expense_fen"))
    )
    return sent, Totals(found["n"], found["p"] or 0, found["a"] or 0, found["e"] or 0)


def project_choices(actor: Actor) -> list[tuple[int, str]]:
    """Projects as choices of a form or filter."""
    found = projects_visible_to(actor).order_by("-year", "id").values_list("id", "year", "name")
    return [(pk, f"{year} {name}") for pk, year, name in found[:500]]


def loose_lines(actor: Actor) -> list[tuple[int, str]]:
    """Sub-projects that belong to no project yet."""
    found = ProjectLine.objects.filter(county=actor.county, project__isnull=True).order_by("id")
    return [
        (pk, f"{year} {name}" if year else name) for pk, year, name in found.values_list("id", "year", "name")[:200]
    ]


def loose_appropriations(actor: Actor) -> list[Appropriation]:
    """Money sent down that belongs to no project yet."""
    return list(appropriations_visible_to(actor).filter(project__isnull=True).order_by("id")[:200])
