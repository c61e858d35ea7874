"""A matter on its way, and the drawings that matters follow (事项、审批流程)."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import diagram, drawing, forms, outcomes, permissions, queries, wording
from mingchan.foundation.procedures.choices import Answer, CaseStatus, Kind, PaperKind, ReminderKind, TaskStatus
from mingchan.foundation.procedures.models import Case, Opinion, Task
from mingchan.foundation.procedures.pack import required_steps
from mingchan.foundation.procedures.queries import definitions
from mingchan.foundation.procedures.rules import Votes
from mingchan.foundation.procedures.views.lists import ANSWER_TONES, TONES, tabs
from mingchan.kernel import links
from mingchan.kernel.ui import sections
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment


@page(permissions.VIEW)
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One matter: the drawing with the way it took, who said what, what is awaited and since when, its papers."""
    return render(
        request, "procedures/case.html", case_context(request, queries.case(case_id, request.actor, request.on))
    )


def case_context(request: HttpRequest, found: Case, **bound: Any) -> dict[str, Any]:
    """Everything the page of a matter shows; `bound` are forms that came back with errors."""
    tasks, opinions = queries.tasks_of(found), queries.opinions_of(found)
    waiting = [task for task in tasks if task.status == TaskStatus.WAITING]
    read = definitions.drawing_of(found.content)
    mine = [
        (task, verdict)
        for task in waiting
        if not task.waits
        for verdict in [queries.may_decide(task, found, request.actor, request.on)]
    ]
    acts = [
        {
            "task": task,
            "form": bound.get(f"decide_{task.pk}") or _decide_form(task, found),
            "is_delegated": verdict.hat.delegator is not None,
        }
        for task, verdict in mine
        if verdict.hat is not None
    ]
    asked = {code for task, verdict in mine if verdict.hat is not None for code in read.nodes[task.node].papers}
    is_own = found.drafter_id == request.actor.account_id and found.status == CaseStatus.RUNNING
    outcome = outcomes.of(found.code)
    copies = queries.copies_of(found)
    me = request.actor.account_id
    may_copy = bool(acts) or found.drafter_id == me or any(opinion.account_id == me for opinion in opinions)
    return {
        "case": found,
        "procedure": read,
        "subject": links.resolve(found.subject) if found.subject else None,
        "part": outcome.subject(found, request.actor) if outcome.subject is not None else None,
        "part_template": outcome.template,
        "tone": TONES[found.status],
        "picture": _picture(found, read, waiting, opinions),
        "waiting": waiting,
        "moments": _moments(found, tasks, opinions),
        "reminders": _reminders(found),
        "may_urge": is_own,
        "copies": copies,
        "copied_to_me": [one for one in copies if one.account_id == me and one.read_on is None],
        "copy_form": bound.get("copy") or (forms.CopyForm(actor=request.actor) if may_copy else None),
        "papers": list(found.papers.select_related("attachment").order_by("id")),
        "acts": acts,
        "refused": _why_not(mine, acts),
        "paper_form": bound.get("paper") or (_paper_form(asked) if asked else None),
        "amend_form": (bound.get("amend") or _amend_form(found)) if is_own else None,
        "withdraw_form": bound.get("withdraw")
        or (forms.WithdrawForm(initial={"version": found.version}) if is_own else None),
        "today": request.on,
        "kinds": dict(Kind.choices),
        "may_log": request.actor.may("log.view", found.division_code),
        "sections": sections.build("case", "", found, request),
    }


def _reminders(found: Case) -> list[dict[str, Any]]:
    """How steps were brought to mind, in words, by the step."""
    roles = policy.roles()
    return [
        {
            "task": one.task,
            "what": ReminderKind(one.kind).label,
            "tone": "bad" if one.kind in (ReminderKind.OVERDUE, ReminderKind.ESCALATED) else "warn",
            "to": roles[one.role].text if one.role in roles else _("经办人"),
            "text": one.text,
            "by": one.given_by,
            "on": one.given_on,
        }
        for one in queries.reminders_of(found)
    ]


def _why_not(mine: list[Any], acts: list[Any]) -> str:
    """Why the reader can't decide what waits, when it is a reason worth telling."""
    if acts:
        return ""
    told = [verdict.fault for _task, verdict in mine if verdict.fault not in (None, "NO_ROLE", "NOT_DRAFTER")]
    return str(wording.FAULTS[told[0]]) if told else ""


def _decide_form(task: Task, found: Case) -> forms.DecideForm:
    return forms.DecideForm(kind=task.kind, initial={"version": found.version, "revised": found.text})


def _amend_form(found: Case) -> forms.AmendForm:
    return forms.AmendForm(initial={"version": found.version, "text": found.text})


def _withdraw_form(found: Case) -> forms.WithdrawForm:
    return forms.WithdrawForm(initial={"version": found.version})


def _paper_form(asked: set[str]) -> forms.PaperForm:
    form = forms.PaperForm()
    form.fields["code"].choices = [(code, label) for code, label in PaperKind.choices if code in asked]  # type: ignore[attr-defined]
    return form


def _picture(found: Case, read: diagram.Diagram, waiting: list[Task], opinions: list[Opinion]) -> drawing.Picture:
    notes = {opinion.task.node: f"{opinion.account_name} {day(opinion.given_on)}" for opinion in opinions}
    for task in waiting:
        notes[task.node] = _("自 %(day)s") % {"day": day(task.opened_on)}
    return drawing.picture(read, passed=orjson.loads(found.path), waiting={task.node for task in waiting}, notes=notes)


def _moments(found: Case, tasks: list[Task], opinions: list[Opinion]) -> list[Moment]:
    """What happened, in order: the bringing in, each opinion, each wait that ended, the end."""
    by_task = {opinion.task_id: opinion for opinion in opinions}
    moments = [Moment(day(found.opened_on), _("提交"), "", f"{found.office.name} {found.drafter.name}", "", "good")]
    for task in tasks:
        opinion = by_task.get(task.pk)
        if opinion is not None:
            moments.append(_said(found, task, opinion))
        elif task.status == TaskStatus.DONE:
            moments.append(Moment(day(task.closed_on), _("%(step)s：已完成") % {"step": task.name}, tone="good"))
        elif task.status == TaskStatus.VOID:
            moments.append(
                Moment(day(task.closed_on), _("%(step)s：作废") % {"step": task.name}, "", "", "", "neutral")
            )
    if found.ended_on is not None:
        ended = _("办结：%(outcome)s") % {"outcome": found.get_status_display()}
        moments.append(Moment(day(found.ended_on), ended, "", "", "", TONES[found.status]))
    return moments


def _said(found: Case, task: Task, opinion: Opinion) -> Moment:
    parts = [opinion.text]
    if opinion.document_no:
        parts.append(_("文号：%(number)s") % {"number": opinion.document_no})
    if opinion.votes:
        votes = Votes.read(opinion.votes)
        parts.append(
            _("应到 %(members)s 人，同意 %(agreed)s，反对 %(against)s，弃权 %(abstained)s")
            % {"members": votes.members, "agreed": votes.agreed, "against": votes.against, "abstained": votes.abstained}
        )
    is_void = opinion.round != found.round
    if is_void:
        parts.append(_("卷宗其后有修改，此意见已作废"))
    who = f"{opinion.office_name} {opinion.account_name}"
    if opinion.delegator_id is not None:
        who += _("（受委托）")
    title = f"{task.name}：{Answer(opinion.answer).label}"
    tone = "neutral" if is_void else ANSWER_TONES[opinion.answer]
    return Moment(day(opinion.given_on), title, "；".join(part for part in parts if part), who, "", tone)


@page(permissions.VIEW)
def procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure with its drawing in force and the clauses it carries out."""
    found = [
        {
            "procedure": procedure,
            "steps": len(procedure.drawing.tasks()),
            "clauses": sorted({clause for node in procedure.drawing.nodes.values() for clause in node.clauses}),
        }
        for procedure in queries.procedures(request.actor.county, request.on)
    ]
    return render(request, "procedures/procedures.html", {"tabs": tabs(request, "procedures"), "found": found})


@page(permissions.VIEW)
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure: its drawing, its steps in words, its versions, and for those who may, a new one."""
    return render(request, "procedures/procedure.html", procedure_context(request, code))


def _asked(request: HttpRequest, code: str) -> queries.Procedure:
    """The version that the address names, else the one in force today."""
    number = request.GET.get("version", "")
    if number.isdecimal() and len(number) < 6:
        return queries.procedure(code, request.actor.county, int(number))
    return queries.in_force(code, request.actor.county, request.on)


def procedure_context(request: HttpRequest, code: str, form: Any = None, reasons: Any = ()) -> dict[str, Any]:
    """Everything the page of a procedure shows. Raises NotFound for one that the pack doesn't have."""
    number = request.GET.get("version", "")
    county = request.actor.county
    shown = (
        queries.procedure(code, county, int(number))
        if number.isdecimal()
        else queries.in_force(code, county, request.on)
    )
    roles = policy.roles()
    known = queries.tables(county, request.on)
    return {
        "tables": [known[code] for code in queries.asked_by(shown.drawing) if code in known],
        "required": required_steps().get(code, ()),
        "procedure": shown,
        "picture": drawing.picture(shown.drawing),
        "steps": [node for node in shown.drawing.nodes.values() if node.type in (diagram.TASK, diagram.WAIT)],
        "roles": {role: spec.text for role, spec in roles.items()} | {diagram.DRAFTER: _("经办人")},
        "kinds": dict(Kind.choices),
        "papers": dict(PaperKind.choices),
        "usual": policy.figure("case.days"),
        "versions": queries.versions(code, county),
        "form": form or forms.DefinitionForm(initial={"valid_from": request.on}),
        "reasons": reasons,
        "may_define": request.actor.may(permissions.DEFINE),
    }


@page(permissions.VIEW)
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The drawing as a BPMN file, to be changed in any editor."""
    number = request.GET.get("version", "")
    county = request.actor.county
    shown = (
        queries.procedure(code, county, int(number))
        if number.isdecimal()
        else queries.in_force(code, county, request.on)
    )
    answer = HttpResponse(drawing.with_layout(shown.content.encode()), content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{shown.code}-v{shown.number}.bpmn"'
    return answer
