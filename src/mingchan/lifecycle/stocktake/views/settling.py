"""Lines and differences of a stocktake, a checker's word, recounts, explanations and decisions (差异处理页面)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel import links, period
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page, signed_in
from mingchan.kernel.ui.parts import Moment
from mingchan.lifecycle.stocktake import forms, permissions, queries, services
from mingchan.lifecycle.stocktake.choices import (
    DECISIONS,
    DifferenceKind,
    DifferenceState,
    Outcome,
    PlanState,
)
from mingchan.lifecycle.stocktake.models import Difference
from mingchan.lifecycle.stocktake.sections import OUTCOME_TONES
from mingchan.lifecycle.stocktake.views.plans import key_of

TONES = {
    DifferenceState.OPEN: "bad",
    DifferenceState.DECIDED: "warn",
    DifferenceState.SETTLED: "good",
    DifferenceState.LAPSED: "neutral",
}


@signed_in()
def lines(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What should be there, and what became of it."""
    found = queries.plan(plan_id, request.actor)
    wanted = request.GET.get("outcome", "")
    rows, following = queries.lines(found, request.actor, outcome=wanted, after=request.GET.get("after", "")[:40])
    context = {
        "plan": found,
        "rows": rows,
        "following": following or None,
        "outcomes": [choice for choice in Outcome.choices if choice[0]],
        "outcome_names": dict(Outcome.choices),
        "tones": OUTCOME_TONES,
    }
    return render(request, "stocktake/lines.html", context)


@signed_in()
def differences(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The differences of a stocktake."""
    found = queries.plan(plan_id, request.actor)
    rows, following = queries.differences(
        found,
        request.actor,
        kind=request.GET.get("kind", ""),
        state=request.GET.get("state", ""),
        task_id=key_of(request.GET.get("task", "")),
        after=key_of(request.GET.get("after", "")),
    )
    context = {
        "plan": found,
        "rows": rows,
        "following": str(following) if following else None,
        "kinds": DifferenceKind.choices,
        "states": DifferenceState.choices,
        "kind_names": dict(DifferenceKind.choices),
        "state_names": dict(DifferenceState.choices),
        "decision_names": dict(Difference._meta.get_field("decision").choices or ()),
        "tones": TONES,
    }
    return render(request, "stocktake/differences.html", context)


def _owners(request: HttpRequest) -> list[tuple[int, str]]:
    kinds = ("OFFICE", "TOWN_GOVERNMENT", "VILLAGE_COMMITTEE", "COLLECTIVE")
    rows = Party.objects.filter(county=request.actor.county, kind__in=kinds).order_by("name")
    return list(rows.values_list("pk", "name")[:500])


def _shown(
    request: HttpRequest, row: Difference, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    actor, plan = request.actor, row.plan
    standing = queries.truth_of_codes(plan.pk, [row.code]).of(row.code) if row.code else None
    checks = plan.state == PlanState.CHECKING and permissions.checks(actor, plan)
    is_open = row.state == DifferenceState.OPEN
    made: dict[str, Any] = {"explain": None, "settle": None, "decide": [], "recount": None}
    seen = " ".join(standing.events) if standing is not None else ""
    if checks and row.kind == DifferenceKind.DISAGREE and is_open and standing is not None:
        made["decide"] = [
            (view, forms.DecideForm(initial={"device": view.device, "seen": seen})) for view in standing.views
        ]
    if checks and row.code:
        made["recount"] = forms.RecountForm()
    if is_open and actor.may(permissions.EXPLAIN, row.division_code) and plan.state in ("CHECKING", "SETTLING"):
        made["explain"] = forms.ExplainForm(initial={"version": row.version, "text": row.explanation})
    settles = actor.may(permissions.SETTLE, row.division_code or plan.division_code)
    if is_open and plan.state == PlanState.SETTLING and settles and DECISIONS[row.kind]:
        made["settle"] = forms.SettleForm(row=row, owners=_owners(request), initial={"version": row.version})
    photos = list(standing.photos) if standing is not None else []
    kept = _kept_photos(row, photos) if actor.may("paper.view", row.division_code) else {}
    trace: list[Moment] = []
    if actor.may("log.view", row.division_code):
        history = evidence.history(Ref("stocktake_difference", row.pk))
        trace = [Moment(day(entry.on), entry.sentence, entry.reason, entry.actor) for entry in reversed(history)]
    names = dict(
        Account.objects.filter(pk__in=[view.account for view in standing.views]).values_list("pk", "name")
        if standing is not None
        else ()
    )
    context = {
        "row": row,
        "plan": plan,
        "tone": TONES[DifferenceState(row.state)],
        "views": standing.views if standing is not None else (),
        "names": names,
        "result": links.resolve(row.result) if row.result else None,
        "voucher": links.resolve(row.voucher) if row.voucher else None,
        "photos": list(kept.values()),
        "missing_photos": [one for one in photos if one not in kept],
        "forms": made | (bound or {}),
        "trace": trace,
    }
    return render(request, "stocktake/difference.html", context, status=status)


def _kept_photos(row: Difference, digests: list[str]) -> dict[str, Any]:
    """Photographs that came with the events of an asset, by the digests that the events name."""
    found: dict[str, Any] = {}
    for key in {row.task_id, row.seen_task_id} - {None}:
        found |= evidence.photographs_of(Ref("stocktake_task", key), digests)
    return found


@signed_in()
def difference(request: HttpRequest, difference_id: int) -> HttpResponse:
    """One difference: what each counter saw, photographs, the keeper's explanation, the decision."""
    return _shown(request, queries.difference(difference_id, request.actor))


def _told(request: HttpRequest, row: Difference, name: str, form: Any, refusal: Refusal) -> HttpResponse:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    row.refresh_from_db()
    return _shown(request, row, {name: form}, refusal.status)


@page(permissions.EXPLAIN, methods=("POST",))
def explain(request: HttpRequest, difference_id: int) -> HttpResponse:
    """The keeper's explanation."""
    row = queries.difference(difference_id, request.actor)
    form = forms.ExplainForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, {"explain": form}, 422)
    given = form.cleaned_data
    try:
        services.explain(row.pk, given["text"], version=given["version"], actor=request.actor, on=request.on)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _told(request, row, "explain", form, refusal)
    messages.success(request, _("说明已提交"))
    return redirect("stocktake:difference", row.pk)


@page(permissions.SETTLE, methods=("POST",))
def settle(request: HttpRequest, difference_id: int) -> HttpResponse:
    """The decision, carried out."""
    row = queries.difference(difference_id, request.actor)
    form = forms.SettleForm(request.POST, row=row, owners=_owners(request))
    if not form.is_valid():
        return _shown(request, row, {"settle": form}, 422)
    try:
        services.settle(row.pk, form.draft(), version=form.cleaned_data["version"], actor=request.actor, on=request.on)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _told(request, row, "settle", form, refusal)
    messages.success(request, _("差异已处理"))
    return redirect("stocktake:difference", row.pk)


@page(permissions.CHECK, methods=("POST",))
def decide(request: HttpRequest, difference_id: int) -> HttpResponse:
    """The checker's word on two counts that disagree."""
    row = queries.difference(difference_id, request.actor)
    form = forms.DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明认定理由"))
        return _shown(request, row, status=422)
    given = form.cleaned_data
    try:
        services.decide(
            row.plan_id,
            row.code,
            given["device"],
            seen=given["seen"].split(),
            note=given["note"],
            received_at=period.utc_now(),
            actor=request.actor,
            on=request.on,
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _shown(request, row, status=refusal.status)
    messages.success(request, _("已认定"))
    return redirect("stocktake:difference", row.pk)


@page(permissions.CHECK, methods=("POST",))
def recount(request: HttpRequest, difference_id: int) -> HttpResponse:
    """The asset is to be counted again."""
    row = queries.difference(difference_id, request.actor)
    form = forms.RecountForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, {"recount": form}, 422)
    try:
        services.recount(
            row.plan_id,
            [row.code],
            note=form.cleaned_data["note"],
            received_at=period.utc_now(),
            actor=request.actor,
            on=request.on,
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _told(request, row, "recount", form, refusal)
    messages.success(request, _("已要求复盘"))
    return redirect("stocktake:differences", row.plan_id)
