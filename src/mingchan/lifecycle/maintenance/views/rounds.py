"""Rounds of inspection (巡查): the list, one round, looking at one thing, closing; the same events as a phone sends."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel import period
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.fieldwork import Event
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.maintenance import permissions, queries, rules, services
from mingchan.lifecycle.maintenance.choices import FieldKind, Finding, RoundState, Severity
from mingchan.lifecycle.maintenance.forms import LookForm, ReasonForm
from mingchan.lifecycle.maintenance.models import Round
from mingchan.lifecycle.maintenance.queries.rounds import COUNT_CAP, RoundFilter
from mingchan.lifecycle.maintenance.views.words import FINDING_TONES, ROUND_TONES, SEVERITY_TONES
from mingchan.register.assets.models import Asset


@page("maintenance.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Rounds: due, late, done (2.6.1b)."""
    wanted = RoundFilter.read(request.GET.dict())
    rows, following = queries.rounds.rounds(wanted, request.actor, request.on, after=request.GET.get("after", ""))
    count = queries.rounds.rounds_count(wanted, request.actor, request.on)
    context = {
        "rows": rows,
        "following": following,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "counts": queries.rounds.round_counts(request.actor, request.on),
        "states": [
            ("due", _("一周内应做")), ("late", _("逾期未做")), ("CLOSED", _("已办结")), ("DROPPED", _("已取消")),
            ("all", _("全部")),
        ],
        "state_names": dict(RoundState.choices),
        "tones": ROUND_TONES,
        "places": directory.division_names({row.division_code for row in rows}),
        "may_plan": request.actor.may(permissions.PLAN),
        "on": request.on,
    }  # fmt: skip
    return render(request, "maintenance/rounds.html", context)


def _may(request: HttpRequest, found: Round, right: str) -> bool:
    return found.state == RoundState.OPEN and request.actor.may(right, found.division_code)


def _shown(
    request: HttpRequest, found: Round, *, problem: str = "", forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    closed = found.state == RoundState.CLOSED
    outcome = queries.rounds.outcome_of(found.pk)
    cards: Sequence[Asset] = []
    if not closed:
        cards = list(queries.rounds.things_at(found).select_related("keeper").order_by("code"))
        beside = set(outcome.results) - {card.pk for card in cards}
        cards = [*cards, *Asset.objects.filter(pk__in=beside).select_related("keeper").order_by("code")]
    nothing = rules.Result()
    counted = [one.finding for one in outcome.results.values()]
    context = {
        "round": found,
        "tone": ROUND_TONES[found.state],
        "cards": [(card, outcome.results.get(card.pk, nothing)) for card in cards],
        "lines": queries.rounds.lines_of(found.pk) if closed else [],
        "results": outcome.results,
        "seen": len(outcome.results),
        "faulty": counted.count("FAULT"),
        "missing": counted.count("NOT_FOUND"),
        "finished": outcome.finished,
        "signatures": outcome.signatures,
        "kinds": dict(FieldKind.choices),
        "findings": dict(Finding.choices),
        "finding_tones": FINDING_TONES,
        "severities": dict(Severity.choices),
        "severity_tones": SEVERITY_TONES,
        "events": queries.rounds.events_of(found.pk),
        "files": [
            (file, request.actor.may("paper.view", file.division_code))
            for file in evidence.attachments_of(Ref("inspection_round", found.pk))
        ],
        "orders": queries.of_origin(str(Ref("inspection_round", found.pk)), request.actor),
        "may_inspect": _may(request, found, permissions.INSPECT),
        "may_drop": _may(request, found, permissions.PLAN),
        "late": found.state == RoundState.OPEN and found.due_on < request.on,
        "problem": problem,
        "drop_form": (forms or {}).get("drop") or ReasonForm(),
    }
    return render(request, "maintenance/round.html", context, status=status)


@page("maintenance.view")
def detail(request: HttpRequest, round_id: int) -> HttpResponse:
    """One round: what is to be looked at, what was found."""
    return _shown(request, queries.rounds.round_of(round_id, request.actor))


def _event(kind: str, code: str, number: int, device: str, **data: Any) -> Event:
    return Event(
        id=str(uuid.uuid4()), device=device, seq=number, kind=kind, at=period.utc_now(), code=code, data=data
    )  # fmt: skip


def _sent(request: HttpRequest, found: Round, kinds: Sequence[tuple[str, str, dict[str, Any]]]) -> HttpResponse | None:
    """Events from the desk, of a device of their own each time; None when all were taken."""
    device = f"desk-{uuid.uuid4().hex[:12]}"
    events = [_event(kind, code, at, device, **data) for at, (kind, code, data) in enumerate(kinds, start=1)]
    answers = services.take_in(found.pk, events, actor=request.actor, on=request.on)
    refused = next((answer.reason for answer in answers if not answer.taken), "")
    return _shown(request, found, problem=refused, status=409) if refused else None


@page("maintenance.inspect", methods=("POST",))
def found(request: HttpRequest, round_id: int) -> HttpResponse:
    """The chosen things were seen and are in order."""
    one = queries.rounds.round_of(round_id, request.actor)
    codes = list(
        Asset.objects.filter(pk__in=bulk.chosen(request.POST), county=one.county).values_list("code", flat=True)
    )
    if not codes:
        return _shown(request, one, problem=_("请先勾选资产"), status=422)
    if (answer := _sent(request, one, [("found", code, {}) for code in codes])) is not None:
        return answer
    messages.success(request, _("已记录 %(count)s 项正常") % {"count": len(codes)})
    return redirect("maintenance:round", round_id)


@page("maintenance.inspect", methods=("GET", "POST"))
def look(request: HttpRequest, round_id: int, asset_id: int) -> HttpResponse:
    """Look at one thing: its checklist, whether it is there, what is wrong."""
    one = queries.rounds.round_of(round_id, request.actor)
    asset = Asset.objects.filter(pk=asset_id, county=one.county).first()
    if asset is None:
        raise NotFound(_("没有这张资产卡片"))
    checklist = queries.packs.checklist_of(asset.class_code)
    form = LookForm(request.POST if request.method == "POST" else None, checklist=checklist)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if (answer := _sent(request, one, _looked(form, asset.code))) is not None:
                return answer
            messages.success(request, _("已记录"))
            return redirect("maintenance:round", round_id)
    context = {"round": one, "asset": asset, "form": form, "checklist": checklist}
    return render(request, "maintenance/look.html", context, status=status)


def _looked(form: LookForm, code: str) -> list[tuple[str, str, dict[str, Any]]]:
    given, note = form.cleaned_data, {"note": form.cleaned_data["note"]}
    if given["presence"] == "not_found":
        return [("not_found", code, note)]
    kinds: list[tuple[str, str, dict[str, Any]]] = [("found", code, note)]
    if form.checklist is not None and (answers := form.answers()):
        kinds.append(("check", code, {"checklist": form.checklist.key, "answers": answers}))
    if what := given["what"].strip():
        kinds.append(("fault", code, {"what": what, "severity": given["severity"]}))
    return kinds


@page("maintenance.inspect", methods=("POST",))
def close(request: HttpRequest, round_id: int) -> HttpResponse:
    """Close the round."""
    one = queries.rounds.round_of(round_id, request.actor)
    try:
        services.close(round_id, actor=request.actor, on=request.on)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _shown(request, one, problem=str(refusal), status=refusal.status)
    messages.success(request, _("已办结；故障已转为报修，下次巡查已列入"))
    return redirect("maintenance:round", round_id)


@page("maintenance.plan", methods=("POST",))
def drop(request: HttpRequest, round_id: int) -> HttpResponse:
    """Drop the round."""
    one = queries.rounds.round_of(round_id, request.actor)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, one, forms={"drop": form}, status=422)
    try:
        services.drop(round_id, reason=form.cleaned_data["reason"], actor=request.actor, on=request.on)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _shown(request, one, problem=str(refusal), status=refusal.status)
    messages.success(request, _("已取消，下次巡查已列入"))
    return redirect("maintenance:rounds")
