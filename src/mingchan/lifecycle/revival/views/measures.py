"""Measures: the list, proposing one, its page with steps and effect, and each act on it (盘活措施, 2.6.2)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui import acting, bulk
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.revival import permissions, rules, services
from mingchan.lifecycle.revival.choices import REVIEWS, Kind, Outcome, State
from mingchan.lifecycle.revival.forms import MeasureForm, ReviewForm, StopForm, VersionForm, party_names
from mingchan.lifecycle.revival.models import Measure
from mingchan.lifecycle.revival.queries import effects as results
from mingchan.lifecycle.revival.queries import measures as reading
from mingchan.lifecycle.revival.queries import pool
from mingchan.lifecycle.revival.views import words
from mingchan.register.assets.models import Asset

SHOWN = 20
MOST = 5000


@page(permissions.VIEW)
def measures(request: HttpRequest) -> HttpResponse:
    """Measures, the newest first."""
    actor = request.actor
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    rows, following = reading.page(actor, state=state, kind=kind, after=request.GET.get("after", ""))
    counts = reading.by_state(actor)
    listed = reverse("revival:measures")
    context = {
        "tabs": words.tabs("measures", actor),
        "stats": [
            (label, counts.get(value, 0), f"{listed}?state={value}", words.TONES[State(value)])
            for value, label in State.choices
            if counts.get(value, 0) or value not in (State.REJECTED, State.STOPPED)
        ],
        "rows": [(row, words.target(row.measure), words.TONES[State(row.measure.state)]) for row in rows],
        "following": following,
        "states": State.choices,
        "kinds": Kind.choices,
        "chosen": bool(state) + bool(kind),
    }
    return render(request, "revival/measures.html", context)


@page(permissions.PROPOSE, methods=("GET", "POST"))
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a measure for chosen assets of the pool."""
    actor, on = request.actor, request.on
    ids = bulk.chosen(request.POST if request.method == "POST" else request.GET, MOST)
    chosen = Asset.objects.filter(pk__in=ids, county=actor.county).select_related("site", "user", "operator")
    cards = list(chosen.order_by("code")[:SHOWN])
    initial = {"kind": request.GET.get("kind", Kind.USER), "site": request.GET.get("site", "")}
    form = MeasureForm(request.POST or None, actor=actor, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = services.propose(data.pop("kind"), ids, **data, actor=actor, on=on)
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已提出盘活措施 %(number)s") % {"number": made.number})
                return redirect("revival:measure", made.pk)
    context = {
        "form": form,
        "ids": ids,
        "cards": [(card, _reasons(card, request)) for card in cards],
        "card_count": len(ids),
        "names": party_names(actor),
    }
    return render(request, "revival/propose.html", context, status=status)


def _reasons(card: Asset, request: HttpRequest) -> list[str]:
    spells = [spell for spell in pool.spells_of(card.pk)[:1] if spell.left_on is None]
    return [
        f"{reason.get_trigger_display()}：{words.figures(reason, request.on)}"  # type: ignore[attr-defined]
        for spell in spells
        for reason in spell.reasons.all()
        if reason.valid_to is None
    ]


@page(permissions.VIEW)
def measure(request: HttpRequest, measure_id: int) -> HttpResponse:
    """One measure: what, why, its steps, its assets, and what came of it."""
    actor, on = request.actor, request.on
    found = reading.measure(measure_id, actor)
    count, cost = reading.size(found)
    may = actor.may(permissions.PROPOSE, found.division_code)
    context = {
        "measure": found,
        "target": words.target(found),
        "tone": words.TONES[State(found.state)],
        "steps": [(step, words.basis(step.ref)) for step in reading.steps(found)],
        "rows": list(reading.parts(found)[: reading.ASSETS_SHOWN]),
        "count": count,
        "cost": cost,
        "spans": _spans(found, request),
        "may_carry": may and found.state == State.APPROVED,
        "may_settle": may and found.state == State.ACTING,
        "may_stop": may and found.state in (State.APPROVED, State.ACTING),
        "on": on,
    }
    return render(request, "revival/measure.html", context)


def _spans(found: Measure, request: HttpRequest) -> list[dict[str, Any]]:
    """What came of a measure, span by span: reviewed, due, or still to come with the figures so far."""
    if found.done_on is None:
        return []
    reviews = reading.reviews(found)
    may = request.actor.may(permissions.REVIEW, found.division_code)  # type: ignore[attr-defined]
    spans = []
    for days in REVIEWS:
        day = rules.due_on(found.done_on, days)
        review = reviews.get(days)
        spans.append(
            {
                "days": days,
                "due_on": day,
                "review": review,
                "tone": words.OUTCOMES[Outcome(review.outcome)] if review is not None else "neutral",
                "is_due": review is None and day <= request.on,  # type: ignore[attr-defined]
                "may_review": may,
                "points": (words.points(review.points_before), words.points(review.points_after)) if review else None,
            }
        )
    return spans


@page(permissions.PROPOSE, methods=("POST",))
def carry_out(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Carry out a measure that was agreed to."""
    found = reading.measure(measure_id, request.actor)
    form = VersionForm(request.POST)

    def act() -> str:
        done = services.carry_out(found.pk, version=form.cleaned_data["version"], actor=request.actor, on=request.on)
        if done.state == State.DONE:
            return _("已调整存放地点，措施已落实")
        return _("已拟定使用移交清单，双方签署后措施落实")

    return acting.done(request, act, reverse("revival:measure", args=[found.pk]), form)


@page(permissions.PROPOSE, methods=("POST",))
def settle(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Look how far the steps of a measure are."""
    found = reading.measure(measure_id, request.actor)
    form = VersionForm(request.POST)

    def act() -> str:
        settled = services.settle(found.pk, actor=request.actor, on=request.on)
        return _("进度已更新：%(state)s") % {"state": settled.get_state_display()}

    return acting.done(request, act, reverse("revival:measure", args=[found.pk]), form)


@page(permissions.PROPOSE, methods=("POST",))
def stop(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Give a measure up."""
    found = reading.measure(measure_id, request.actor)
    form = StopForm(request.POST)

    def act() -> str:
        data = form.cleaned_data
        services.stop(found.pk, reason=data["reason"], version=data["version"], actor=request.actor, on=request.on)
        return _("措施已终止")

    return acting.done(request, act, reverse("revival:measure", args=[found.pk]), form)


@page(permissions.VIEW)
def effects(request: HttpRequest) -> HttpResponse:
    """What measures brought: what is due to be looked at, all reviews together, and measure by measure."""
    actor, on = request.actor, request.on
    rows, reviews, following = results.page(actor, after=request.GET.get("after", ""))
    context = {
        "tabs": words.tabs("effects", actor),
        "due": results.due(actor, on),
        "sums": results.sums(actor),
        "rows": [
            (
                row,
                words.target(row),
                [(days, rules.due_on(row.done_on, days), reviews.get((row.pk, days))) for days in REVIEWS],
            )
            for row in rows
            if row.done_on is not None
        ],
        "tones": words.OUTCOMES,
        "following": following,
        "may_review": bool(actor.scopes(permissions.REVIEW)),
    }
    return render(request, "revival/effects.html", context)


@page(permissions.REVIEW, methods=("GET", "POST"))
def review(request: HttpRequest, measure_id: int, days: int) -> HttpResponse:
    """Figures before and after side by side, and what is concluded from them."""
    actor, on = request.actor, request.on
    found = reading.measure(measure_id, actor)
    if found.done_on is None or days not in REVIEWS:
        raise NotFound(_("这项措施还没有落实"))
    ids = [part.asset_id for part in reading.parts(found)]
    before, after = results.compared(ids, found.done_on, days)
    form = ReviewForm(request.POST or None, initial={"outcome": rules.advice(before, after)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.review(found.pk, days, **form.cleaned_data, actor=actor, on=on)
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已评价成效"))
                return redirect("revival:measure", found.pk)
    context = {
        "measure": found,
        "target": words.target(found),
        "days": days,
        "before": before,
        "after": after,
        "points": (words.points(before.points), words.points(after.points)),
        "spans": rules.spans(found.done_on, days),
        "advice": Outcome(rules.advice(before, after)),
        "form": form,
    }
    return render(request, "revival/review.html", context, status=status)
