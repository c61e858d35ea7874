"""Goals by year and contract, rectifications, and what follows from grades (绩效目标、整改、结果应用)."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.performance import forms, permissions, queries, services
from mingchan.lifecycle.performance.choices import MONEY, FixState, GoalKind
from mingchan.lifecycle.performance.models import Rectification

FIX_TONES = {FixState.OPEN: "warn", FixState.REPORTED: "info", FixState.CLOSED: "good"}


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else request.on.year


@page(permissions.VIEW)
def goals(request: HttpRequest) -> HttpResponse:
    """Contracts that run in a year, with how many goals were set and reported."""
    year, after = _year(request), request.GET.get("after", "")
    rows, following = queries.lists(
        request.actor, year, after=int(after) if after.isdecimal() and len(after) < 19 else 0
    )
    context = {
        "rows": rows,
        "following": str(following) if following else None,
        "year": year,
        "years": range(request.on.year + 1, request.on.year - 5, -1),
    }
    return render(request, "performance/goals.html", context)


@page(permissions.VIEW, methods=("GET", "POST"))
def goals_of(request: HttpRequest, contract_id: int, year: int) -> HttpResponse:
    """The goals of one contract for a year: targets by the bureau, figures by the operator or the bureau."""
    actor = request.actor
    contract = (
        Contract.objects.filter(queries.visible_contracts(actor), pk=contract_id).select_related("operator").first()
    )
    if contract is None:
        raise NotFound(_("没有这份经营合同"))
    found = queries.goals_of(contract.pk, year)
    may_set = actor.may(permissions.GOAL, contract.division_code)
    may_report = may_set or contract.operator_id in actor.parties(permissions.ANSWER)
    form = forms.GoalsForm(
        request.POST if request.method == "POST" else None, goals=found, may_set=may_set, may_report=may_report
    )
    status = 200
    if request.method == "POST":
        status = 422
        if not may_report:
            raise NotAllowed(_("您没有填报这份合同绩效目标的权限"), clauses=("2.4.2d",))
        if form.is_valid():
            try:
                _save(contract.pk, year, form, request)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("绩效目标已保存"))
                return redirect("performance:goals_of", contract.pk, year)
    context = {
        "contract": contract,
        "year": year,
        "form": form,
        "rows": [
            (kind, label, found.get(kind), form[f"target_{kind}"], form[f"actual_{kind}"])
            for kind, label in GoalKind.choices
        ],
        "money": MONEY,
        "may_set": may_set,
        "may_report": may_report,
        "is_new": not found,
    }
    return render(request, "performance/goals_of.html", context, status=status)


def _save(contract_id: int, year: int, form: forms.GoalsForm, request: HttpRequest) -> None:
    """Targets and figures together, or neither."""
    given: dict[str, Any] = {"actor": request.actor, "on": request.on}
    with transaction.atomic():
        if form.may_set and form.targets():
            services.set_goals(contract_id, year, form.targets(), reason=form.cleaned_data["reason"], **given)
        for kind, actual in form.actuals():
            services.report_goal(contract_id, year, kind, actual, form.cleaned_data["basis"], **given)


@page(permissions.VIEW)
def fixes(request: HttpRequest) -> HttpResponse:
    """Rectifications by state, late ones marked."""
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    rows, following = queries.fixes(
        request.actor, state, request.on, after=int(after) if after.isdecimal() and len(after) < 19 else 0
    )
    open_count, to_review, late = queries.counts(request.actor, request.on)
    context = {
        "rows": rows,
        "following": str(following) if following else None,
        "open_count": open_count,
        "to_review": to_review,
        "late": late,
        "states": [("open", _("未销号")), ("overdue", _("逾期")), *FixState.choices],
        "state_names": dict(FixState.choices),
        "tones": FIX_TONES,
        "today": request.on,
    }
    return render(request, "performance/fixes.html", context)


def _fix_forms(found: Rectification, request: HttpRequest) -> dict[str, django_forms.Form]:
    actor, seen = request.actor, {"version": found.version}
    made: dict[str, django_forms.Form] = {}
    reviews = actor.may(permissions.REVIEW, found.division_code)
    if found.state == FixState.OPEN and permissions.answers(actor, found.evaluation):
        made["report"] = forms.FixReportForm(initial=seen)
    if found.state == FixState.REPORTED and reviews:
        made["review"] = forms.FixReviewForm(initial=seen)
    if found.state == FixState.OPEN and reviews:
        made["extend"] = forms.FixExtendForm(initial=seen)
    return made


def _shown(
    request: HttpRequest, found: Rectification, bound: dict[str, django_forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "fix": found,
        "steps": list(found.steps.order_by("pk")),
        "tone": FIX_TONES[FixState(found.state)],
        "forms": dict.fromkeys(("report", "review", "extend")) | _fix_forms(found, request) | (bound or {}),
        "is_late": found.state != FixState.CLOSED and found.due_on < request.on,
        "may_see_paper": request.actor.may("paper.view"),
    }
    return render(request, "performance/fix.html", context, status=status)


@page(permissions.VIEW)
def fix(request: HttpRequest, fix_id: int) -> HttpResponse:
    """One rectification: what is demanded, until when, every step."""
    return _shown(request, queries.fix(fix_id, request.actor))


def _act(
    request: HttpRequest, fix_id: int, act: str, form: django_forms.Form, do: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    found = queries.fix(fix_id, request.actor)
    if not form.is_valid():
        return _shown(request, found, {act: form}, 422)
    try:
        do(form.cleaned_data)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _shown(request, queries.fix(fix_id, request.actor), {act: form}, refusal.status)
    messages.success(request, _("已登记"))
    return redirect(reverse("performance:fix", args=[fix_id]))


@page(permissions.ANSWER, methods=("POST",))
def report(request: HttpRequest, fix_id: int) -> HttpResponse:
    """The operator reports progress or that it is done."""
    form = forms.FixReportForm(request.POST, request.FILES)
    given = {"actor": request.actor, "on": request.on}
    return _act(request, fix_id, "report", form, lambda data: services.report_fix(fix_id, **data, **given))


@page(permissions.REVIEW, methods=("POST",))
def review(request: HttpRequest, fix_id: int) -> HttpResponse:
    """The bureau closes it, or sends it back."""
    form = forms.FixReviewForm(request.POST)

    def do(data: dict[str, Any]) -> Any:
        given: dict[str, Any] = {
            "text": data["text"], "version": data["version"], "actor": request.actor, "on": request.on,
        }  # fmt: skip
        if data["passes"]:
            return services.close_fix(fix_id, **given)
        return services.return_fix(fix_id, until=data["until"], **given)

    return _act(request, fix_id, "review", form, do)


@page(permissions.REVIEW, methods=("POST",))
def extend(request: HttpRequest, fix_id: int) -> HttpResponse:
    """Give more time."""
    form = forms.FixExtendForm(request.POST)
    given = {"actor": request.actor, "on": request.on}
    return _act(request, fix_id, "extend", form, lambda data: services.extend_fix(fix_id, **data, **given))


@page(permissions.VIEW)
def consequences(request: HttpRequest) -> HttpResponse:
    """What follows from a year's grades: next year's allocation, who is asked to a talk (约谈), the lowest first."""
    text = request.GET.get("year", "")
    years = queries.years(request.actor)
    year = (
        int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else next(iter(years), request.on.year - 1)
    )
    rows = queries.consequences(request.actor, year)
    context = {
        "rows": rows,
        "year": year,
        "years": years,
        "talks": sum(row.grade.talk for row in rows),
        "passing": sum(row.grade.passes for row in rows),
    }
    return render(request, "performance/consequences.html", context)
