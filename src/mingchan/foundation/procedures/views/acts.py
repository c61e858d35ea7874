"""Acts on matters (提交、办理、修改、撤回) and on what they follow (流程、委托、工作日)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.procedures import forms, permissions, queries, services
from mingchan.foundation.procedures.queries import calendar
from mingchan.foundation.procedures.services import PaperDraft
from mingchan.foundation.procedures.views.lists import tabs
from mingchan.foundation.procedures.views.showing import case_context, procedure_context
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page

GENERAL = "general"
"""What people bring in by hand; the other procedures are begun from the page of what they decide about."""


def _papers(form: Any) -> list[PaperDraft]:
    file = form.cleaned_data.get("file")
    return [PaperDraft(form.cleaned_data["code"], file.name, file)] if file else []


@page(permissions.START, methods=("GET", "POST"))
def begin(request: HttpRequest) -> HttpResponse:
    """Bring a general matter in."""
    form = forms.BeginForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        scope = request.actor.scopes(permissions.START)
        try:
            case = services.start(
                GENERAL,
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
                papers=_papers(form),
                division=scope[0] if scope else "",
                actor=request.actor,
                on=request.on,
            )
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("事项已提交，编号 %(number)s。") % {"number": case.reference})
            return redirect("procedures:case", case.pk)
    return render(request, "procedures/begin.html", {"form": form})


@page(permissions.VIEW, methods=("POST",))
def decide(request: HttpRequest, task_id: int) -> HttpResponse:
    """Decide a step."""
    task = queries.task(task_id, request.actor, request.on)
    form = forms.DecideForm(request.POST, request.FILES, kind=task.kind)
    if form.is_valid():
        try:
            case = services.decide(
                task_id,
                answer=form.answered(),
                text=form.cleaned_data["text"],
                document_no=form.cleaned_data.get("document_no", ""),
                votes=form.votes() if "members" in form.fields else None,
                revised=form.cleaned_data.get("revised"),
                papers=_papers(form) if "file" in form.fields else (),
                version=form.cleaned_data["version"],
                actor=request.actor,
                on=request.on,
            )
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("已办理：%(step)s。") % {"step": task.name})
            return redirect("procedures:case", case.pk)
    found = queries.case(task.case_id, request.actor, request.on)
    return render(
        request, "procedures/case.html", case_context(request, found, **{f"decide_{task_id}": form}), status=400
    )


@page(permissions.VIEW, methods=("POST",))
def amend(request: HttpRequest, case_id: int) -> HttpResponse:
    """Change one's own matter; what was said so far counts no more."""
    found = queries.case(case_id, request.actor, request.on)
    form = forms.AmendForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.amend(
                case_id,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                text=form.cleaned_data["text"],
                papers=_papers(form),
                actor=request.actor,
                on=request.on,
            )
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("事项已修改，此前的意见作废，重新办理。"))
            return redirect("procedures:case", case_id)
    return render(request, "procedures/case.html", case_context(request, found, amend=form), status=400)


@page(permissions.VIEW, methods=("POST",))
def withdraw(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take one's own matter back."""
    found = queries.case(case_id, request.actor, request.on)
    form = forms.WithdrawForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw(
                case_id,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                actor=request.actor,
                on=request.on,
            )
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("事项已撤回。"))
            return redirect("procedures:case", case_id)
    return render(request, "procedures/case.html", case_context(request, found, withdraw=form), status=400)


@page(permissions.VIEW, methods=("POST",))
def attach(request: HttpRequest, case_id: int) -> HttpResponse:
    """Put a paper that the present step asks for into the file."""
    found = queries.case(case_id, request.actor, request.on)
    form = forms.PaperForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        draft = PaperDraft(form.cleaned_data["code"], file.name, file)
        try:
            services.add_paper(case_id, draft, actor=request.actor, on=request.on)
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("材料已上传。"))
            return redirect("procedures:case", case_id)
    return render(request, "procedures/case.html", case_context(request, found, paper=form), status=400)


@page(permissions.DEFINE, methods=("POST",))
def add_definition(request: HttpRequest, code: str) -> HttpResponse:
    """Check a drawing and put it in force from a day."""
    form = forms.DefinitionForm(request.POST, request.FILES)
    reasons: tuple[str, ...] = ()
    if form.is_valid():
        try:
            definition = services.add_definition(
                code,
                form.cleaned_data["file"].read(),
                valid_from=form.cleaned_data["valid_from"],
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                on=request.on,
            )
        except services.BadFile as refusal:
            reasons = refusal.reasons
            form.add_error("file", str(refusal))
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("第 %(number)s 版流程已保存。") % {"number": definition.number})
            return redirect("procedures:procedure", code)
    return render(request, "procedures/procedure.html", procedure_context(request, code, form, reasons), status=400)


@page(permissions.VIEW, methods=("GET", "POST"))
def delegations(request: HttpRequest) -> HttpResponse:
    """Who acts for whom: the reader's own delegations, and a form for a new one."""
    form = forms.DelegationForm(request.POST or None, initial={"valid_from": request.on})
    colleagues = directory.colleagues(request.actor)
    form.fields["taker"].choices = [(str(key), name) for key, name in colleagues]
    if request.method == "POST" and form.is_valid():
        try:
            services.delegate(
                int(form.cleaned_data["taker"]),
                valid_from=form.cleaned_data["valid_from"],
                last_day=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                on=request.on,
            )
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("委托已登记。"))
            return redirect("procedures:delegations")
    context = {
        "tabs": tabs(request, "delegations"),
        "form": form,
        "colleagues": colleagues,
        "rows": queries.delegations_of(request.actor),
        "today": request.on,
    }
    return render(request, "procedures/delegations.html", context, status=400 if form.errors else 200)


@page(permissions.VIEW, methods=("POST",))
def end_delegation(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a delegation today."""
    services.end_delegation(delegation_id, actor=request.actor, on=request.on)
    messages.success(request, _("委托已结束。"))
    return redirect("procedures:delegations")


@page(permissions.DEFINE, methods=("GET", "POST"))
def days(request: HttpRequest) -> HttpResponse:
    """Working days that aren't what their weekday says, and a form to put one right."""
    form = forms.DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_day(
                form.cleaned_data["day"],
                is_working=form.cleaned_data["is_working"] == "yes",
                note=form.cleaned_data["note"],
                actor=request.actor,
                on=request.on,
            )
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("工作日已调整。"))
            return redirect("procedures:days")
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else request.on.year
    context = {
        "form": form,
        "year": year,
        "days": calendar.of_year(request.actor.county, year),
        "last_known": calendar.last_known_year(),
    }
    return render(request, "procedures/days.html", context, status=400 if form.errors else 200)
