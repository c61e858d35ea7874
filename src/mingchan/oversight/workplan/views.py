"""Pages of the stages (工作步骤): the picture of the plan, a stage, what is missing, setting up a plan."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import page
from mingchan.oversight.workplan import permissions, queries, rules, services
from mingchan.oversight.workplan.choices import StageState, Unit
from mingchan.oversight.workplan.drafts import StageDraft
from mingchan.oversight.workplan.forms import CloseForm, ConfirmForm, DaysForm, SetUpForm
from mingchan.oversight.workplan.queries import OutputView, PlanView, StageView

WIDTH, LEFT, RIGHT = 1000, 20, 20
"""The picture in units of its own: the line of days lies between LEFT and WIDTH - RIGHT."""
TONES = {
    StageState.AHEAD: "neutral",
    StageState.UNDER_WAY: "info",
    StageState.DUE_SOON: "warn",
    StageState.OVERDUE: "bad",
    StageState.CLOSED: "good",
    StageState.CLOSED_LATE: "good",
}


def _day(request: HttpRequest) -> tuple[date, bool]:
    """The day asked for, today without one, and whether what was asked couldn't be read or lies ahead."""
    text = request.GET.get("on", "")
    if not text:
        return request.on, False
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return request.on, True
    return (request.on, True) if day > request.on else (day, False)


def _query(day: date, request: HttpRequest) -> str:
    return f"?on={day.isoformat()}" if day != request.on else ""


def _missing_url(output: OutputView, day: date, request: HttpRequest) -> str:
    """Where what an output still waits for is listed, empty where there is no such page."""
    measure = output.measure
    if measure is None:
        return ""
    if measure.lists_cards:
        return reverse("workplan:missing", args=[measure.code]) + _query(day, request)
    try:
        found = reverse(measure.route) if measure.route else ""
    except NoReverseMatch:
        return ""
    return f"{found}?{urlencode(measure.parameters)}" if found and measure.parameters else found


def _shown_output(output: OutputView, day: date, request: HttpRequest) -> dict[str, Any]:
    reading = output.reading
    return {
        "view": output,
        "title": output.title,
        "rule": output.measure.rule if output.measure is not None else "",
        "unit": output.measure.unit if output.measure is not None else "",
        "unit_label": Unit(output.measure.unit).label if output.measure is not None else "",
        "is_money": output.measure is not None and output.measure.unit == Unit.FEN,
        "reading": reading,
        "percent": output.percent,
        "missing_url": _missing_url(output, day, request),
        "office": output.output.office.name,
        "confirmations": [
            {"row": one, "url": _paper(one.document)} for one in output.confirmations
        ],
    }  # fmt: skip


def _paper(document: str) -> str:
    """The address of a paper given as a reference, empty without one."""
    if not document:
        return ""
    return reverse("evidence:download", args=[Ref.parse(document).id])


def _shown_stage(stage: StageView, day: date, year: int, request: HttpRequest) -> dict[str, Any]:
    return {
        "view": stage,
        "code": stage.stage.code,
        "number": "一二三四五六七八九"[stage.stage.number - 1] if stage.stage.number <= 9 else stage.stage.number,
        "title": stage.title,
        "office": stage.stage.office.name,
        "clause": stage.stage.clause,
        "starts_on": stage.days.starts_on,
        "ends_on": stage.days.ends_on,
        "state": stage.state,
        "tone": TONES[stage.state],
        "days_late": stage.days_late,
        "percent": stage.percent,
        "percent_now": stage.percent_now,
        "url": reverse("workplan:stage", args=[year, stage.stage.code]) + _query(day, request),
        "outputs": [_shown_output(output, day, request) for output in stage.outputs],
        "waiting": len(stage.waiting),
    }


def _picture(view: PlanView) -> dict[str, Any]:
    """Where everything of the drawing stands: whole units of its own width."""
    first = min(stage.days.starts_on for stage in view.stages)
    last = max(stage.days.ends_on for stage in view.stages)
    span = WIDTH - LEFT - RIGHT

    def at(day: date) -> int:
        return LEFT + rules.along(day, first, last, span)

    bars = []
    for index, stage in enumerate(view.stages):
        x, end = at(stage.days.starts_on), at(stage.days.ends_on)
        width = max(end - x, 12)
        bars.append(
            {"x": x, "y": 40 + index * 46, "width": width, "done": width * stage.percent // 100, "stage": stage}
        )
    outside = -1 if view.day < first else 1 if view.day > last else 0
    return {
        "width": WIDTH,
        "height": 40 + len(bars) * 46 + 12,
        "bars": bars,
        "marks": [(at(month), month) for month in rules.month_starts(first, last) if month >= first],
        "today": at(view.day),
        "outside": outside,
    }


def _page(request: HttpRequest, year: int) -> HttpResponse:
    actor = request.actor
    day, bad = _day(request)
    found = queries.view(queries.plan_of(actor, year), actor, day, request.on)
    context = {
        "plan": found.plan,
        "day": day,
        "is_past": day != request.on,
        "bad_day": bad,
        "percent": found.percent,
        "stages": [_shown_stage(stage, day, year, request) for stage in found.stages],
        "picture": _picture(found),
        "years": [
            {
                "label": _("%(year)s 年") % {"year": other.year},
                "url": reverse("workplan:plan", args=[other.year]),
                "active": other.year == year,
            }
            for other in queries.plans(actor)
        ],
        "ends": [
            (stage.title, f"?on={min(stage.days.ends_on, request.on).isoformat()}")
            for stage in found.stages
            if stage.days.ends_on <= request.on
        ],
        "may_manage": permissions.may_manage(actor),
    }
    return render(request, "workplan/plan.html", context)


@page(permissions.VIEW)
def newest(request: HttpRequest) -> HttpResponse:
    """The newest year's plan, or what to do when there is none."""
    plans = queries.plans(request.actor)
    if plans:
        return _page(request, plans[0].year)
    return render(request, "workplan/empty.html", {"may_manage": permissions.may_manage(request.actor)})


@page(permissions.VIEW)
def plan(request: HttpRequest, year: int) -> HttpResponse:
    """The plan of a year: the picture, stages with outputs, as of a day."""
    return _page(request, year)


@page(permissions.VIEW)
def stage(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """One stage: outputs with rule, figure, what is missing, who must act; its days; its closings."""
    return _stage_page(request, year, code)


def _stage_page(
    request: HttpRequest, year: int, code: str, *, status: int = 200, **bound: django_forms.Form
) -> HttpResponse:
    actor = request.actor
    day, bad = _day(request)
    found_plan = queries.plan_of(actor, year)
    found = queries.stage_view(found_plan, code, actor, day, request.on)
    own = queries.own_office(actor)
    shown = _shown_stage(found, day, year, request)
    for output in shown["outputs"]:
        output["may_confirm"] = permissions.may_confirm(actor, own, output["view"].output.office_id)
    titles = {output.output.pk: output.title for output in found.outputs}
    measures = {output.output.pk: output.measure for output in found.outputs}
    closings = [
        {
            "row": closing,
            "url": _paper(closing.document),
            "figures": [
                {
                    "title": titles.get(figure.output_id, ""),
                    "figure": figure,
                    "percent": rules.percent(figure.done, figure.total),
                    "is_money": (kept := measures.get(figure.output_id)) is not None and kept.unit == Unit.FEN,
                }
                for figure in closing.figures.all()
            ],
        }
        for closing in reversed(found.closings)
    ]
    context = {
        "plan": found_plan,
        "stage": shown,
        "day": day,
        "is_past": day != request.on,
        "bad_day": bad,
        "closings": closings,
        "entries": list(reversed(found.entries)),
        "may_manage": permissions.may_manage(actor),
        "may_attach": actor.may("paper.attach", actor.county),
        "clauses": policy.clauses(),
        "days_form": bound.get("days_form")
        or DaysForm(
            initial={
                "seen": found.days.number,
                "starts_on": found.days.starts_on,
                "ends_on": found.days.ends_on,
            }
        ),
        "close_form": bound.get("close_form") or CloseForm(initial={"seen": len(found.closings)}),
        "confirm_form": bound.get("confirm_form"),
    }
    return render(request, "workplan/stage.html", context, status=status)


def _act(
    request: HttpRequest,
    year: int,
    code: str,
    form: django_forms.Form,
    name: str,
    carry_out: Callable[[StageView, dict[str, Any]], None],
) -> HttpResponse:
    """Carry out one of a stage's forms: done, back to the stage; refused, the page again with the reason."""
    actor = request.actor
    found = queries.stage_view(queries.plan_of(actor, year), code, actor, request.on, request.on)
    if form.is_valid():
        try:
            carry_out(found, form.cleaned_data)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return _stage_page(request, year, code, status=refusal.status, **{name: form})
        return redirect("workplan:stage", year, code)
    return _stage_page(request, year, code, status=422, **{name: form})


@page(permissions.MANAGE, methods=("POST",))
def days(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Other days for the stage, with a reason."""

    def carry_out(found: StageView, data: dict[str, Any]) -> None:
        services.change_days(
            found.stage.pk,
            data["starts_on"],
            data["ends_on"],
            data["reason"],
            data["seen"],
            actor=request.actor,
            on=request.on,
        )
        messages.success(request, _("已调整日期"))

    return _act(request, year, code, DaysForm(request.POST), "days_form", carry_out)


@page(permissions.VIEW, methods=("POST",))
def confirm(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """An office confirms an output of the stage."""

    def carry_out(found: StageView, data: dict[str, Any]) -> None:
        if data["output"] not in {output.output.pk for output in found.outputs}:
            raise NotFound(_("这个阶段没有这项成果"))
        services.confirm(data["output"], data["note"], paper=data["paper"], actor=request.actor, on=request.on)
        messages.success(request, _("已确认成果"))

    return _act(request, year, code, ConfirmForm(request.POST, request.FILES), "confirm_form", carry_out)


@page(permissions.MANAGE, methods=("POST",))
def close(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Close the stage with its figures as they stand."""

    def carry_out(found: StageView, data: dict[str, Any]) -> None:
        services.close(
            found.stage.pk, data["note"], data["seen"], paper=data["paper"], actor=request.actor, on=request.on
        )
        messages.success(request, _("已办结，办结时的数已留存"))

    return _act(request, year, code, CloseForm(request.POST, request.FILES), "close_form", carry_out)


@page(permissions.VIEW)
def missing(request: HttpRequest, code: str) -> HttpResponse:
    """The cards that an output still waits for."""
    day, bad = _day(request)
    after = request.GET.get("after", "")
    measure = queries.measure(code)
    rows, following = queries.missing(
        code,
        request.actor,
        day if day < request.on else None,
        int(after) if after.isdecimal() and len(after) < 19 else 0,
    )
    reading = queries.readings_of([code], request.actor, day if day < request.on else None)[code]
    context = {
        "measure": measure,
        "title": next(
            (
                out.label_en if policy.english() else out.label
                for spec in policy.stage_template().stages
                for out in spec.outputs
                if out.measure == code
            ),
            str(measure.rule),
        ),
        "rows": rows,
        "following": following,
        "count": reading.missing if reading is not None else 0,
        "day": day,
        "is_past": day != request.on,
        "bad_day": bad,
    }
    return render(request, "workplan/missing.html", context)


@page(permissions.MANAGE, methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Set up the plan of a year from the template."""
    actor = request.actor
    template = policy.stage_template()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked[:5]) <= 2100 else request.on.year
    initial: dict[str, Any] = {
        "year": year,
        "title": _("%(county)s电商示范项目资产管理工作步骤（%(year)s 年）")
        % {"county": policy.county_name(), "year": year},
    }
    for spec in template.stages:
        initial[f"starts_{spec.code}"] = rules.in_year(spec.starts_on, year - template.year)
        initial[f"ends_{spec.code}"] = rules.in_year(spec.ends_on, year - template.year)
    form = SetUpForm(request.POST or None, county=actor.county, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.set_up(
                    form.cleaned_data["year"],
                    form.cleaned_data["title"],
                    _drafts(form),
                    basis=form.cleaned_data["basis"],
                    actor=actor,
                    on=request.on,
                )
            except Refusal as refusal:
                if refusal.status != Refusal.status:
                    raise
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已设立工作步骤"))
                return redirect("workplan:plan", form.cleaned_data["year"])
    context = {
        "form": form,
        "offices": [form[f"office_{key}"] for key in template.offices],
        "stages": [
            {
                "title": spec.text,
                "clause": spec.clause,
                "fields": (form[f"starts_{spec.code}"], form[f"ends_{spec.code}"]),
                "outputs": [out.label_en if policy.english() else out.label for out in spec.outputs],
            }
            for spec in template.stages
        ],
    }
    return render(request, "workplan/create.html", context, status=status)


def _drafts(form: SetUpForm) -> list[StageDraft]:
    """The template's stages with the days and offices that were typed."""
    drafts = services.proposed(form.cleaned_data["year"], form.offices())
    return [draft._replace(starts_on=form.days(draft.code)[0], ends_on=form.days(draft.code)[1]) for draft in drafts]
