"""Pages of a year's tracking (年度跟踪监测): the list, one year with samples and opinions, its acts, its report."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.ui.page import page
from mingchan.oversight.jointwork import forms, permissions, services
from mingchan.oversight.jointwork.choices import Conclusion, Look, Office, PlanState
from mingchan.oversight.jointwork.queries import plans

TONES = {PlanState.DRAFT: "neutral", PlanState.DRAWN: "info", PlanState.CONCLUDED: "good"}
LOOK_TONES = {Look.RIGHT: "good", Look.DIFFERS: "warn", Look.MISSING: "bad"}
CONCLUSION_TONES = {Conclusion.SOUND: "good", Conclusion.FAULTS: "warn", Conclusion.GRAVE: "bad"}


def answered(form: django_forms.Form, do: Callable[[], Any]) -> bool:
    """Whether the act was done; what is refused stands in the form. Refusals of who, which and when go on."""
    try:
        do()
    except (NotAllowed, NotFound, Stale):
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


@page("jointwork.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """The years tracked, newest first (3.4.2)."""
    context = {
        "rows": plans.plans(request.actor, request.on),
        "offices": len(Office),
        "tones": TONES,
        "may_plan": request.actor.may(permissions.PLAN, request.actor.county),
    }
    return render(request, "jointwork/plans.html", context)


@page("jointwork.plan", methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Plan a year's tracking."""
    form = forms.PlanForm(request.POST or None, initial={"year": request.on.year, "sample_size": 20})
    made: list[int] = []
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        done = answered(form, lambda: made.append(services.make_plan(draft, actor=request.actor, on=request.on).pk))
        if done:
            messages.success(request, _("已制定，请抽样。"))
            return redirect("jointwork:plan", made[0])
    status = 422 if request.method == "POST" else 200
    return render(request, "jointwork/plan_form.html", {"form": form}, status=status)


def _shown(request: HttpRequest, plan_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor
    plan = plans.plan(plan_id, actor)
    rows = plans.samples(plan)
    parts = plans.offices(plan, rows, actor)
    own = [part for part in parts if part.is_own]
    office = own[0].office if own else ""
    digest = plans.content_digest(plan, office) if office and plan.state == PlanState.DRAWN else ""
    context = {
        "plan": plan,
        "rows": rows,
        "parts": parts,
        "office": office,
        "office_label": own[0].label if own else "",
        "own_opinion": own[0].opinion if own else None,
        "offices": dict(Office.choices),
        "looks": Look.choices,
        "look_labels": dict(Look.choices),
        "look_tones": LOOK_TONES,
        "conclusion_tones": CONCLUSION_TONES,
        "tone": TONES[PlanState(plan.state)],
        "places": directory.division_names({row.sample.division_code for row in rows}),
        "unseen": sum(not row.looks for row in rows),
        "wrong": plans.wrong_looks(rows),
        "late": plan.state != PlanState.CONCLUDED and plan.due_on < request.on,
        "may_plan": actor.may(permissions.PLAN, actor.county),
        "may_assets": actor.may("asset.view"),
        "may_package": actor.may(permissions.PACKAGE, actor.county),
        "form": forms.OpinionForm(initial={"shown": digest}) if digest else None,
        "redrawn": None,
        **more,
    }
    return render(request, "jointwork/plan.html", context, status=status)


@page("jointwork.view")
def detail(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One year: the drawing, what each office found, what each says. With `redraw` the drawing is made once more."""
    plan = plans.plan(plan_id, request.actor)
    redrawn = plans.redrawn(plan) if request.GET.get("redraw") and plan.drawn_on else None
    return _shown(request, plan_id, redrawn=redrawn)


@page("jointwork.plan", methods=("POST",))
def draw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Draw the sample."""
    form = forms.SeenForm(request.POST)
    if not form.is_valid():
        return _shown(request, plan_id, status=422)
    plan = services.draw(plan_id, seen=form.cleaned_data["seen"], actor=request.actor, on=request.on)
    messages.success(request, _("已抽取 %(count)s 项资产。") % {"count": plan.samples.count()})
    return redirect("jointwork:plan", plan_id)


@page("jointwork.sign", methods=("POST",))
def look(request: HttpRequest, sample_id: int) -> HttpResponse:
    """Note what the reader's office found of a drawn asset."""
    form = forms.LookForm(request.POST)
    office = next(iter(permissions.offices_of(request.actor)), "")
    given = form.cleaned_data if form.is_valid() else {"look": "", "note": ""}
    looked = services.look(
        sample_id, office, given.get("look", ""), given.get("note", ""), actor=request.actor, on=request.on
    )
    messages.success(request, _("已记下核查结果。"))
    return redirect("jointwork:plan", looked.sample.plan_id)


@page("jointwork.sign", methods=("POST",))
def sign(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Sign the opinion of the reader's office, with the password."""
    plans.plan(plan_id, request.actor)
    form = forms.OpinionForm(request.POST)
    office = next(iter(permissions.offices_of(request.actor)), "")
    if not form.is_valid():
        return _shown(request, plan_id, form=form, status=422)
    given = form.cleaned_data
    done = answered(
        form,
        lambda: services.sign(
            plan_id, office, form.draft(), given["password"], given["shown"], actor=request.actor, on=request.on
        ),
    )
    if not done:
        return _shown(request, plan_id, form=form, status=409)
    messages.success(request, _("已签署。"))
    return redirect("jointwork:plan", plan_id)
