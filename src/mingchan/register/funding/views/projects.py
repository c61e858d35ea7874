"""Pages of projects (项目): the list with the progress of stages, one project, and entering what belongs to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import sections
from mingchan.kernel.ui.page import page
from mingchan.register.funding import queries, services
from mingchan.register.funding.choices import OWN_STAGES, StageKind, StageState, System
from mingchan.register.funding.forms import AssignForm, LineForm, OpeningForm, RevisionForm, StageForm
from mingchan.register.funding.models import Project
from mingchan.register.funding.queries import FundFilter
from mingchan.register.funding.views import showing

TONES = {
    StageState.DONE.value: "good",
    StageState.NO_PAPER.value: "warn",
    StageState.MISSING.value: "bad",
    StageState.AHEAD.value: "neutral",
}
FIRST_PAYMENTS = 20


@page("funding.view")
def projects(request: HttpRequest) -> HttpResponse:
    """Projects, the newest first, with the stages done and missing (2.6.1a)."""
    actor = request.actor
    year = queries.FundFilter.read(request.GET).year
    rows, following = queries.project_rows(actor, year=year, after=request.GET.get("after"))
    context = {
        "tabs": showing.tabs("projects"),
        "rows": rows,
        "following": following,
        "kinds": [(kind, str(StageKind(kind).label)) for kind in OWN_STAGES],
        "states": dict(StageState.choices),
        "tones": TONES,
        "loose": len(queries.loose_lines(actor)),
        "year": year,
        "uses_url": showing.uses_url,
        "appropriations_url": showing.appropriations_url,
        "may_manage": actor.may("project.manage"),
    }
    return render(request, "funding/projects.html", context)


@page("funding.view")
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: its stages drawn, its money, sub-projects, payments, papers (2.6.1a)."""
    actor = request.actor
    found = queries.project(pk, actor)
    lines = queries.project_lines(found, actor)
    chosen = _line_asked(request, {line.id for line in lines})
    received, totals = queries.project_money(found, actor)
    payments = queries.use_rows(FundFilter(project=found.pk), actor, sort="-paid_on", limit=FIRST_PAYMENTS)
    stages = queries.stages_of(found, chosen)
    context = {
        "project": found,
        "received": received,
        "totals": totals,
        "lines": lines,
        "line": next((line for line in lines if line.id == chosen), None),
        "stages": stages,
        "done": sum(row.entry is not None for row in stages[: len(OWN_STAGES)]),
        "own": len(OWN_STAGES),
        "lacking": [row for row in stages if row.state in (StageState.MISSING, StageState.NO_PAPER)],
        "tones": TONES,
        "states": dict(StageState.choices),
        "systems": dict(System.choices),
        "entries": _entries(found, [line.id for line in lines]),
        "payments": payments.rows,
        "sources": showing.source_names(),
        "uses_url": showing.uses_url,
        "appropriations_url": showing.appropriations_url,
        "may_manage": actor.may("project.manage", found.division_code),
        "may_paper": actor.may("paper.view"),
        "history": evidence.history(Ref("project", found.pk)),
        "sections": sections.build("project", "project", found, request),
    }
    return render(request, "funding/project.html", context)


def _line_asked(request: HttpRequest, known: set[int]) -> int | None:
    """The sub-project whose stages are to be drawn, if it is one of the project's."""
    asked = FundFilter.read(request.GET).line
    return asked if asked in known else None


def _entries(found: Project, lines: list[int]) -> dict[int, int]:
    """How many stages each sub-project has of its own."""
    counts = dict.fromkeys(lines, 0)
    for line_id, _kind, _day in queries.entries_of(found):
        if line_id in counts:
            counts[line_id] += 1
    return counts


@page("project.manage", methods=("GET", "POST"))
def project_create(request: HttpRequest) -> HttpResponse:
    """Open a project with its sub-projects (2.6.1a)."""
    form = OpeningForm(request.POST or None, actor=request.actor)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                pk = services.open_project(
                    form.draft(),
                    form.line_drafts(),
                    source=showing.typed_by(request),
                    actor=request.actor,
                    on=request.on,
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                showing.tell(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已登记项目"))
                return redirect("funding:project", pk)
    context = {"form": form, "title": _("登记项目"), "wide": ("note", "lines"), "back": None}
    return render(request, "funding/project_form.html", context, status=status)


def _managed(pk: int, request: HttpRequest) -> Project:
    """The project, if the actor may maintain it. Raises NotFound, as if it weren't there, or NotAllowed."""
    found = queries.project(pk, request.actor)
    if not request.actor.may("project.manage", found.division_code):
        raise NotAllowed(_("您没有维护这个项目的权限"), clauses=("2.6.1a",))
    return found


@page("project.manage", methods=("GET", "POST"))
def project_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a project. A stale save shows what is there now and asks again."""
    found = _managed(pk, request)
    form = RevisionForm(request.POST or None, actor=request.actor, initial=RevisionForm.initial_of(found))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.revise_project(
                    pk, form.draft(), data["version"], data["reason"], actor=request.actor, on=request.on
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                showing.tell(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已更正项目"))
                return redirect("funding:project", pk)
    context = {"form": form, "title": _("更正项目"), "wide": ("note",), "back": found}
    return render(request, "funding/project_form.html", context, status=status)


@page("project.manage", methods=("GET", "POST"))
def project_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a sub-project, or say which sub-projects and which money belong to the project."""
    actor = request.actor
    found = _managed(pk, request)
    adding = "name" in request.POST
    line_form = LineForm(request.POST if adding else None, actor=actor)
    assign_form = AssignForm(request.POST if request.method == "POST" and not adding else None, actor=actor)
    status = 200
    if request.method == "POST":
        form: Any = line_form if adding else assign_form
        status = 422
        if form.is_valid():
            given = {"source": showing.typed_by(request), "actor": actor, "on": request.on}
            try:
                if adding:
                    services.open_line(pk, line_form.draft(), **given)
                else:
                    services.assign(pk, **assign_form.cleaned_data, **given)
            except NotAllowed:
                raise
            except Refusal as refusal:
                showing.tell(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已归入项目"))
                return redirect("funding:project_lines", pk)
    context = {
        "project": found,
        "lines": queries.project_lines(found, actor),
        "systems": dict(System.choices),
        "line_form": line_form,
        "assign_form": assign_form,
        "loose_money": queries.loose_appropriations(actor),
        "sources": showing.source_names(),
    }
    return render(request, "funding/project_lines.html", context, status=status)


@page("project.manage", methods=("GET", "POST"))
def stage_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a stage with its day, office and papers, or correct the entry that is there (2.6.1a)."""
    actor = request.actor
    found = _managed(pk, request)
    kind = request.GET.get("kind", "")
    line_id = FundFilter.read(request.GET).line
    present = next((row.entry for row in queries.stages_of(found, line_id) if row.kind == kind), None)
    initial: dict[str, Any] = {"kind": kind, "line_id": line_id, "office_id": found.office_id}
    if present is not None:
        day = present.happened_on.isoformat()[: {"Y": 4, "M": 7}.get(present.happened_precision, 10)]
        initial |= {
            "happened": day,
            "office_id": present.office_id,
            "note": present.note,
            "replaces": present.pk,
        }
    form = StageForm(request.POST or None, request.FILES or None, actor=actor, project=found, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.record_stage(
                    pk,
                    form.draft(),
                    form.handed_in,
                    replaces=data["replaces"],
                    reason=data["reason"],
                    source=showing.typed_by(request),
                    actor=actor,
                    on=request.on,
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                showing.tell(form, refusal, happened_on="happened")
                status = refusal.status
            else:
                messages.success(request, _("已登记阶段"))
                return redirect("funding:project", pk)
    context = {"form": form, "project": found, "present": present}
    return render(request, "funding/stage.html", context, status=status)
