"""Stocktakes: the list, drafting, one of them with its places, its team and the acts that lead it on (盘点方案页面)."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page, signed_in
from mingchan.kernel.ui.parts import Moment
from mingchan.lifecycle.stocktake import forms, permissions, queries, services
from mingchan.lifecycle.stocktake.choices import (
    COMPARED,
    OVER,
    DifferenceKind,
    EventKind,
    Outcome,
    PlanKind,
    PlanState,
    Role,
)
from mingchan.lifecycle.stocktake.models import Plan, Task
from mingchan.lifecycle.stocktake.queries import COUNT_CAP, PlanFilter
from mingchan.lifecycle.stocktake.services.team import STAFFED

TONES = {
    PlanState.DRAFT: "neutral",
    PlanState.APPROVED: "info",
    PlanState.COUNTING: "info",
    PlanState.CHECKING: "warn",
    PlanState.SETTLING: "warn",
    PlanState.PROCEDURE: "info",
    PlanState.CLOSED: "good",
    PlanState.CANCELLED: "neutral",
}
STEPS = (
    PlanState.DRAFT, PlanState.APPROVED, PlanState.COUNTING, PlanState.CHECKING, PlanState.SETTLING, PlanState.CLOSED,
)  # fmt: skip
ACTS = ("approve", "start", "end", "confirm", "reopen", "send", "close", "cancel", "member", "assign")
"""Acts whose forms stand on the page of a stocktake, each as far as it may be done now."""
FROM_REGISTER = ("all", "sort", "after", "as_of", "status")
"""Parameters of a register's address that aren't part of its filter."""


def key_of(text: str) -> int:
    """A key in an address; nothing for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@page(permissions.VIEW)
def list_page(request: HttpRequest) -> HttpResponse:
    """Stocktakes by year, kind and state."""
    actor, on = request.actor, request.on
    wanted = PlanFilter.read(request.GET.dict())
    rows, following = queries.rows(wanted, actor, on, after=key_of(request.GET.get("after", "")))
    count = queries.count(wanted, actor, on)
    context = {
        "rows": rows,
        "following": str(following) if following else None,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "waiting": queries.waiting(actor, on),
        "yearly": queries.yearly(actor, on),
        "years": [(str(year), str(year)) for year in queries.years(actor)],
        "kinds": PlanKind.choices,
        "states": [("open", _("未办结")), ("overdue", _("逾期未办结")), *PlanState.choices],
        "state_names": dict(PlanState.choices),
        "kind_names": dict(PlanKind.choices),
        "tones": TONES,
        "compared": COMPARED,
        "over": OVER,
        "may_plan": actor.may(permissions.PLAN),
        "may_count": actor.may(permissions.COUNT),
        "today": on,
    }
    return render(request, "stocktake/list.html", context)


def _towns(request: HttpRequest) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in directory.children(request.actor.county.ljust(12, "0"))]


def _scope_of(request: HttpRequest) -> str:
    """The filter with which somebody comes here from the register's list."""
    return urlencode([(name, value) for name, value in request.GET.items() if name not in FROM_REGISTER and value])


def _drafted(request: HttpRequest, form: forms.PlanForm, plan: Plan | None) -> HttpResponse:
    """The page of the form, or where it leads when it was filled in well."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if plan is None:
                    plan = services.draft(form.draft(), actor=request.actor, on=request.on)
                else:
                    version = key_of(request.POST.get("version", ""))
                    plan = services.edit(plan.pk, form.draft(), version=version, actor=request.actor, on=request.on)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("盘点方案已保存"))
                return redirect("stocktake:plan", plan.pk)
    return render(request, "stocktake/form.html", {"form": form, "plan": plan}, status=status)


@page(permissions.PLAN, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Draft a stocktake; its scope may come along from the register's list."""
    year = request.on.year - 1
    initial = {
        "title": str(_("%(year)s年度电商示范项目资产清查") % {"year": year}),
        "base_on": request.on.replace(year=year, month=12, day=31),
        "starts_on": request.on,
        "scope": _scope_of(request),
        "confidence_percent": 95,
    }
    form = forms.PlanForm(request.POST if request.method == "POST" else None, towns=_towns(request), initial=initial)
    return _drafted(request, form, None)


@page(permissions.PLAN, methods=("GET", "POST"))
def edit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Change a draft."""
    plan = queries.plan(plan_id, request.actor)
    pairs = dict(parse_qsl(plan.scope))
    divisions = pairs.pop("division", "").split(",")
    initial = {
        name: getattr(plan, name)
        for name in (
            "title", "kind", "base_on", "starts_on", "due_on", "basis", "confidence_percent", "seed", "is_blind",
            "needs_signature", "needs_position", "asks_case",
        )
    } | {
        "precision": plan.precision_bp,
        "divisions": divisions,
        "scope": urlencode(pairs),
        "photo_for": plan.photo_for.split(","),
    }  # fmt: skip
    form = forms.PlanForm(request.POST if request.method == "POST" else None, towns=_towns(request), initial=initial)
    return _drafted(request, form, plan)


def _act_forms(plan: Plan, request: HttpRequest) -> dict[str, django_forms.Form]:
    """The forms of the acts that the reader may do now, by act."""
    actor, seen = request.actor, {"version": plan.version}
    made: dict[str, django_forms.Form] = {}
    plans = actor.may(permissions.PLAN, plan.division_code)
    approves = actor.may(permissions.APPROVE, plan.division_code)
    checks = permissions.checks(actor, plan)
    state = plan.state
    if state == PlanState.DRAFT and approves and plan.drafter_id != actor.account_id:
        made["approve"] = forms.SeenForm(initial=seen)
    if plans and state == PlanState.APPROVED:
        made["start"] = forms.SeenForm(initial=seen)
    if plans and state == PlanState.COUNTING:
        made["end"] = forms.EndForm(initial=seen)
    if checks and state == PlanState.CHECKING:
        made["confirm"] = forms.SeenForm(initial=seen)
    if (plans or checks) and state == PlanState.SETTLING:
        made["reopen"] = forms.ReasonForm(initial=seen)
    if plans and state == PlanState.SETTLING:
        made["send" if plan.asks_case else "close"] = forms.ConclusionForm(initial=seen)
    early = state in (PlanState.DRAFT, PlanState.APPROVED)
    if plans and (early or (approves and state == PlanState.COUNTING)):
        made["cancel"] = forms.ReasonForm(initial=seen)
    if plans and state in STAFFED:
        made["member"] = forms.MemberForm(accounts=_accounts(request))
        if state != PlanState.DRAFT and (counters := _counters(plan)):
            made["assign"] = forms.AssignForm(members=counters, places=_divisions(plan))
    return made


def _accounts(request: HttpRequest) -> list[tuple[int, str]]:
    return [(key, f"{name}（{office}）") for key, name, office in directory.accounts_in_use(request.actor)]


def _counters(plan: Plan) -> list[tuple[int, str]]:
    members = queries.members(plan.pk)
    return [(one.pk, one.name) for one in members if one.role == Role.COUNTER and one.left_on is None]


def _divisions(plan: Plan) -> list[tuple[str, str]]:
    """Towns and villages of a plan's places, for choosing where somebody counts."""
    codes = set(Task.objects.filter(plan=plan).order_by().values_list("division_code", flat=True).distinct())
    towns = {code[:9].ljust(12, "0") for code in codes if len(code) >= 9}
    names = directory.division_names([*codes, *towns])
    return [(code, names.get(code, code)) for code in sorted(codes | towns) if code]


def shown(
    request: HttpRequest, plan: Plan, bound: dict[str, django_forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a stocktake, with a form that was sent and is wrong."""
    actor = request.actor
    places, following = queries.places(plan, actor, after=key_of(request.GET.get("after", "")))
    trace: list[Moment] = []
    if actor.may("log.view", plan.division_code):
        history = evidence.history(plan.ref)
        trace = [Moment(day(entry.on), entry.sentence, entry.reason, entry.actor) for entry in reversed(history)]
    if plan.state in STEPS:
        step = STEPS.index(PlanState(plan.state))
    else:
        step = 4 if plan.state == PlanState.PROCEDURE else 0
    context: dict[str, Any] = {
        "plan": plan,
        "tone": TONES[PlanState(plan.state)],
        "steps": [state.label for state in STEPS],
        "step": step + (plan.state == PlanState.CLOSED),
        "places": places,
        "following": str(following) if following else None,
        "members": queries.members(plan.pk),
        "roles": dict(Role.choices),
        "kinds": [
            (kind, DifferenceKind(kind).label, every, left)
            for kind, (every, left) in sorted(queries.by_kind(plan.pk).items())
        ],
        "outcomes": queries.by_outcome(plan.pk) if plan.state in COMPARED else {},
        "outcome_names": dict(Outcome.choices),
        "summary": queries.summary(plan) if plan.outcome_digest else [],
        "percent": queries.percent,
        "forms": dict.fromkeys(ACTS) | _act_forms(plan, request) | (bound or {}),
        "may_edit": plan.state == PlanState.DRAFT and actor.may(permissions.PLAN, plan.division_code),
        "may_staff": plan.state in STAFFED and actor.may(permissions.PLAN, plan.division_code),
        "may_see_case": actor.may("case.view"),
        "scope_url": plan.scope,
        "photo_for": [label for kind, label in EventKind.choices if kind in plan.photo_for.split(",")],
        "trace": trace,
        "today": request.on,
    }
    return render(request, "stocktake/plan.html", context, status=status)


@signed_in()
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One stocktake: how far it is, its places, team, differences and acts."""
    return shown(request, queries.plan(plan_id, request.actor))


class Act(NamedTuple):
    """An act on a stocktake: its form, the service that carries it out, and what is told."""

    form: type[django_forms.Form]
    service: Callable[..., object]
    done: Promise


def _page_of(name: str, right: str, act: Act) -> Callable[..., HttpResponse]:
    """The page that takes an act's form: carried out and told, or shown again with what is wrong."""

    @page(right, methods=("POST",))
    def view(request: HttpRequest, plan_id: int) -> HttpResponse:
        found = queries.plan(plan_id, request.actor)
        form = act.form(request.POST)
        if not form.is_valid():
            return shown(request, found, {name: form}, 422)
        try:
            act.service(plan_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            found.refresh_from_db()
            return shown(request, found, {name: form}, refusal.status)
        messages.success(request, str(act.done))
        return redirect("stocktake:plan", plan_id)

    return view


approve = _page_of(
    "approve", permissions.APPROVE, Act(forms.SeenForm, services.approve, _("盘点方案已批准，应盘清单已生成"))
)
start = _page_of("start", permissions.PLAN, Act(forms.SeenForm, services.start, _("清点已开始")))
end = _page_of("end", permissions.PLAN, Act(forms.EndForm, services.end_counting, _("清点已结束，进入复核")))
confirm = _page_of("confirm", permissions.CHECK, Act(forms.SeenForm, services.confirm, _("复核完成，请处理差异")))
reopen = _page_of("reopen", permissions.VIEW, Act(forms.ReasonForm, services.reopen, _("已退回复核")))
send = _page_of("send", permissions.PLAN, Act(forms.ConclusionForm, services.send, _("已提请审批盘点结果")))
close = _page_of("close", permissions.PLAN, Act(forms.ConclusionForm, services.close, _("盘点已办结")))
cancel = _page_of("cancel", permissions.PLAN, Act(forms.ReasonForm, services.cancel, _("盘点已取消")))


@page(permissions.PLAN, methods=("POST",))
def add_member(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give somebody a part."""
    found = queries.plan(plan_id, request.actor)
    form = forms.MemberForm(request.POST, accounts=_accounts(request))
    if not form.is_valid():
        return shown(request, found, {"member": form}, 422)
    given = form.cleaned_data
    try:
        services.add_member(plan_id, given["account"], given["role"], actor=request.actor, on=request.on)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error("account", str(refusal))
        return shown(request, found, {"member": form}, refusal.status)
    messages.success(request, _("盘点人员已加入"))
    return redirect("stocktake:plan", plan_id)


@page(permissions.PLAN, methods=("POST",))
def remove_member(request: HttpRequest, plan_id: int, member_id: int) -> HttpResponse:
    """Take somebody off the team."""
    services.remove_member(plan_id, member_id, actor=request.actor, on=request.on)
    messages.success(request, _("盘点人员已退出"))
    return redirect("stocktake:plan", plan_id)


@page(permissions.PLAN, methods=("POST",))
def assign(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Have somebody count at all places of a division, or everywhere."""
    found = queries.plan(plan_id, request.actor)
    form = forms.AssignForm(request.POST, members=_counters(found), places=_divisions(found))
    if not form.is_valid():
        return shown(request, found, {"assign": form}, 422)
    code = form.cleaned_data["division"]
    tasks = Task.objects.filter(plan=found)
    if code:
        tasks = tasks.filter(division_code__startswith=code[:9] if code.endswith("000") else code)
    try:
        count = services.assign(
            plan_id,
            list(tasks.values_list("pk", flat=True)),
            form.cleaned_data["member"],
            actor=request.actor,
            on=request.on,
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error("member", str(refusal))
        return shown(request, found, {"assign": form}, refusal.status)
    messages.success(request, _("已指派 %(count)s 处") % {"count": count})
    return redirect("stocktake:plan", plan_id)
