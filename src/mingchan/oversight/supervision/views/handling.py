"""One finding and what people do with it (问题办理)."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import links
from mingchan.kernel.ui import acting
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment
from mingchan.oversight.supervision import forms, permissions, queries, rules, services
from mingchan.oversight.supervision.checks import BY_CODE
from mingchan.oversight.supervision.choices import State
from mingchan.oversight.supervision.models import Finding
from mingchan.oversight.supervision.views.lists import GRADES, TONES


def _offices(finding: Finding) -> list[tuple[int, str]]:
    found = Party.objects.filter(county=finding.county, kind__in=("OFFICE", "TOWN_GOVERNMENT", "VILLAGE_COMMITTEE"))
    return list(found.exclude(pk=finding.office_id or 0).order_by("kind", "name").values_list("pk", "name"))


def _forms(request: HttpRequest, finding: Finding) -> dict[str, Any]:
    """Empty forms of the acts that may follow, by act."""
    actor, seen = request.actor, {"seen": finding.version}  # type: ignore[attr-defined]
    acts = rules.acts(finding.state)
    rectifies, reviews = permissions.may_rectify(actor, finding), permissions.may_review(actor, finding)
    found: dict[str, Any] = {}
    if "REPORT" in acts and rectifies:
        found["REPORT"] = forms.ReportForm(initial=seen)
    if "REVIEW" in acts and reviews:
        found["REVIEW"] = forms.ReviewForm(initial=seen)
    if "ASSIGN" in acts and actor.may(permissions.REVIEW, finding.division_code):
        found["ASSIGN"] = forms.AssignForm(initial=seen, offices=_offices(finding))
    if "WAIVE" in acts and rectifies and finding.check_code in BY_CODE and finding.case_id is None:
        found["WAIVE"] = forms.WaiveForm(initial=seen)
    return found


def _shown(
    request: HttpRequest, finding: Finding, *, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    info = queries.info(finding.check_code)
    trace: list[Moment] = []
    if actor.may("log.view", finding.division_code):
        trace = [
            Moment(day(entry.on), entry.sentence, entry.reason, entry.actor)
            for entry in reversed(evidence.history(finding.ref, 30))
        ]
    clauses = policy.clauses()
    place = directory.division(finding.division_code) if len(finding.division_code) == 12 else None
    context = {
        "finding": finding,
        "info": info,
        "why": queries.explain(finding),
        "clauses": [clauses[code] for code in info.clauses if code in clauses],
        "subject": links.resolve(finding.subject),
        "division": place.name if place else "",
        "steps": queries.steps(finding.pk),
        "periods": queries.periods(finding.pk),
        "files": [(file, actor.may("paper.view", file.division_code)) for file in evidence.attachments_of(finding.ref)],
        "forms": {**_forms(request, finding), **(bound or {})},
        "tone": TONES[State(finding.state)],
        "grade": GRADES[finding.severity],
        "over": rules.days_over(finding.state, finding.due_on, on),
        "age": (on - finding.found_on).days,
        "trace": trace,
        "may_recheck": actor.may(permissions.RUN, finding.division_code) and finding.asset_id is not None,
    }
    return render(request, "supervision/finding.html", context, status=status)


@page("finding.view")
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    """One finding: why it stands, who answers, until when, what was done, what is next (1.2a)."""
    return _shown(request, queries.finding(finding_id, request.actor))


def _act(
    request: HttpRequest, finding_id: int, act: str, form: django_forms.Form, do: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    """One act from its form: done and told, or shown again with what is wrong."""
    found = queries.finding(finding_id, request.actor)  # type: ignore[attr-defined]
    target = reverse("supervision:finding", args=[finding_id])
    return acting.tried(
        request,
        form,
        do,
        lambda status: _shown(request, found, bound={act: form}, status=status),
        target,
        _("已办理。"),
    )


@page("finding.rectify", methods=("POST",))
def report(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Report what was done."""
    return _act(
        request, finding_id, "REPORT", forms.ReportForm(request.POST, request.FILES),
        lambda given: services.report(
            finding_id, given["text"], files=[given["file"]] if given["file"] else [], seen=given["seen"],
            actor=request.actor, on=request.on,
        ),
    )  # fmt: skip


@page("finding.review", methods=("POST",))
def review(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Close it or send it back."""
    return _act(
        request, finding_id, "REVIEW", forms.ReviewForm(request.POST),
        lambda given: services.review(
            finding_id, given["text"], passes=given["passes"] == "yes", seen=given["seen"],
            actor=request.actor, on=request.on,
        ),
    )  # fmt: skip


@page("finding.review", methods=("POST",))
def assign(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Give it to another office."""
    found = queries.finding(finding_id, request.actor)
    return _act(
        request, finding_id, "ASSIGN", forms.AssignForm(request.POST, offices=_offices(found)),
        lambda given: services.assign(
            finding_id, given["office"], given["reason"], seen=given["seen"], actor=request.actor, on=request.on
        ),
    )  # fmt: skip


@page("finding.rectify", methods=("POST",))
def waive(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Ask that it be let stand until a day."""
    return _act(
        request, finding_id, "WAIVE", forms.WaiveForm(request.POST),
        lambda given: services.ask_waiver(
            finding_id, given["reason"], given["until"], seen=given["seen"], actor=request.actor, on=request.on
        ),
    )  # fmt: skip
