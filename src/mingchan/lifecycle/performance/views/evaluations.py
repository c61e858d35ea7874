"""Evaluations: the list, one of them, commissioning, and each act on it (绩效评价页面)."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page, signed_in
from mingchan.kernel.ui.parts import Moment
from mingchan.lifecycle.performance import forms, pack, permissions, queries, rules, sections, services
from mingchan.lifecycle.performance.choices import AppealState, State
from mingchan.lifecycle.performance.models import Evaluation, Rectification
from mingchan.lifecycle.performance.queries import COUNT_CAP, EvaluationFilter
from mingchan.lifecycle.performance.queries.measures import MONEY_MEASURES

TONES = {
    State.ASSIGNED: "info",
    State.SUBMITTED: "warn",
    State.ANNOUNCED: "info",
    State.PROCEDURE: "info",
    State.CONFIRMED: "good",
    State.CANCELLED: "neutral",
}
SCORING = (State.ASSIGNED,)
ACTS = ("visit", "submit", "cancel", "announce", "return", "answer", "send", "appeal")
"""Acts whose forms stand on the page of an evaluation, each as far as it may be done now."""


def _year(request: HttpRequest, default: int) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else default


@signed_in()
def list_page(request: HttpRequest) -> HttpResponse:
    """Evaluations by year and grade: for those who see them by their office, and for the evaluator its own."""
    actor, on = request.actor, request.on
    if not (actor.may(permissions.VIEW) or actor.may(permissions.SCORE)):
        raise NotAllowed(_("您没有查看绩效评价的权限"), clauses=("2.4.2d",))
    wanted = EvaluationFilter.read(request.GET.dict())
    after = request.GET.get("after", "")
    rows, following = queries.rows(wanted, actor, on, after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    count = queries.count(wanted, actor, on)
    lines = {line.code: line for line in pack.indicators().grades}
    context = {
        "rows": rows,
        "following": str(following) if following else None,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "counts": queries.waiting(actor, on),
        "fixes": queries.counts(actor, on),
        "lines": lines,
        "years": [(str(year), str(year)) for year in queries.years(actor)],
        "states": [("open", _("未办结")), ("overdue", _("逾期未提交")), *State.choices],
        "state_names": dict(State.choices),
        "grades": [(line.code, line.label) for line in lines.values()],
        "tones": TONES,
        "shown": (State.SUBMITTED, State.ANNOUNCED, State.PROCEDURE, State.CONFIRMED),
        "may_commission": actor.may(permissions.COMMISSION),
        "may_view": actor.may(permissions.VIEW),
        "today": on,
    }
    return render(request, "performance/list.html", context)


def _act_forms(found: Evaluation, request: HttpRequest) -> dict[str, django_forms.Form]:
    """The forms of the acts that the reader may do now, by act."""
    actor, seen = request.actor, {"version": found.version}
    made: dict[str, django_forms.Form] = {}
    commissions = actor.may(permissions.COMMISSION, found.division_code)
    waiting = found.appeals.filter(state=AppealState.OPEN).exists()
    if found.state == State.ASSIGNED and permissions.scores(actor, found):
        made["visit"] = forms.VisitForm(initial={"visited_on": request.on})
        made["submit"] = forms.SubmitForm(initial={**seen, "opinion": found.opinion})
    if found.state == State.ASSIGNED and commissions:
        made["cancel"] = forms.ReasonForm(initial=seen)
    if found.state == State.SUBMITTED and commissions:
        made["announce"] = forms.SeenForm(initial=seen)
        made["return"] = forms.ReasonForm(initial=seen)
    if found.state == State.ANNOUNCED and commissions:
        if waiting:
            made["answer"] = forms.AppealAnswerForm(initial=seen)
        elif found.appeal_until is None or request.on > found.appeal_until:
            made["send"] = forms.SeenForm(initial=seen)
    in_term = found.appeal_until is None or request.on <= found.appeal_until
    if found.state == State.ANNOUNCED and in_term and not waiting and permissions.answers(actor, found):
        made["appeal"] = forms.AppealForm()
    return made


def _shown(
    request: HttpRequest, found: Evaluation, bound: dict[str, django_forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    used = pack.read(found.indicators)
    scores = {score.code: score for score in found.scores.all()}
    trace: list[Moment] = []
    if request.actor.may("log.view", found.division_code):
        history = evidence.history(Ref("evaluation", found.pk))
        trace = [Moment(day(entry.on), entry.sentence, entry.reason, entry.actor) for entry in reversed(history)]
    context: dict[str, Any] = {
        "evaluation": found,
        "tone": TONES[State(found.state)],
        "grade": sections.grade_of(found),
        "used": used,
        "parts": [
            (label, [(one, scores.get(one.code)) for one in used.indicators if one.part == code])
            for code, (label, _label_en) in used.parts.items()
        ],
        "lost": used and sum(score.points for score in scores.values()),
        "money": MONEY_MEASURES,
        "visits": list(found.visits.order_by("visited_on", "pk")),
        "appeals": list(found.appeals.order_by("pk")),
        "fix": Rectification.objects.filter(evaluation=found).first(),
        "forms": dict.fromkeys(ACTS) | _act_forms(found, request) | (bound or {}),
        "may_score": found.state in SCORING and permissions.scores(request.actor, found),
        "may_see_case": request.actor.may("case.view"),
        "may_see_paper": request.actor.may("paper.view", found.division_code),
        "may_see_contract": request.actor.may("contract.view"),
        "trace": trace,
        "today": request.on,
    }
    return render(request, "performance/evaluation.html", context, status=status)


@signed_in()
def evaluation(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    """One evaluation: scores by part with what they were worked out from, visits, appeals, case, rectification."""
    return _shown(request, queries.evaluation(evaluation_id, request.actor))


@page(permissions.COMMISSION, methods=("GET", "POST"))
def commission(request: HttpRequest) -> HttpResponse:
    """Commission a company with a year's evaluations (聘请第三方开展年度绩效评估, 2.4.2d)."""
    actor, on = request.actor, request.on
    year = _year(request, on.year - 1)
    contracts = [
        (row.pk, f"{row.title}（{row.number}）") for row in queries.without(actor, year).only("pk", "title", "number")
    ]
    companies = list(
        Party.objects.filter(county=actor.county, kind=PartyKind.COMPANY).order_by("name").values_list("pk", "name")
    )
    form = forms.CommissionForm(
        request.POST if request.method == "POST" else None,
        companies=companies,
        contracts=contracts,
        initial={"contracts": [key for key, _name in contracts]},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = services.commission(
                    year,
                    given["contracts"],
                    given["evaluator"],
                    document_no=given["document_no"],
                    due_on=given["due_on"],
                    actor=actor,
                    on=on,
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                messages.success(request, _("已委托 %(count)s 项评价") % {"count": len(made)})
                return redirect("performance:list")
    context = {"form": form, "year": year, "contracts": contracts, "years": range(on.year, on.year - 5, -1)}
    return render(request, "performance/commission.html", context, status=status)


@page(permissions.SCORE, methods=("GET", "POST"))
def score(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    """The score sheet: figures the system knows stand in their fields, judgements need their grounds."""
    actor, on = request.actor, request.on
    found = queries.evaluation(evaluation_id, actor)
    permissions.require_truth(permissions.scores(actor, found))
    used = pack.read(found.indicators)
    known = queries.measured(found.contract, found.year, on)
    form = forms.ScoresForm(
        request.POST if request.method == "POST" else None,
        indicators=used.indicators,
        known=known,
        scores={row.code: row for row in found.scores.all()},
        initial={"version": found.version},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.score(found.pk, form.drafts(), version=form.cleaned_data["version"], actor=actor, on=on)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(
                    f"{refusal.field}_grounds" if f"{refusal.field}_grounds" in form.fields else None, str(refusal)
                )
                status = refusal.status
            else:
                messages.success(request, _("评分已保存"))
                return redirect("performance:evaluation", found.pk)
    context = {
        "evaluation": found,
        "form": form,
        "parts": [
            (label, [one for one in used.indicators if one.part == code])
            for code, (label, _label_en) in used.parts.items()
        ],
        "known": known,
        "money": MONEY_MEASURES,
        "rate": rules.rate_bp,
    }
    return render(request, "performance/score.html", context, status=status)


class Act(NamedTuple):
    """An act on an evaluation: its form, the service that carries it out with what was filled in, and what is told."""

    form: type[django_forms.Form]
    service: Callable[..., object]
    done: Promise


def _page_of(name: str, right: str, act: Act) -> Callable[..., HttpResponse]:
    """The page that takes an act's form: carried out and told, or shown again with what is wrong."""

    @page(right, methods=("POST",))
    def view(request: HttpRequest, evaluation_id: int) -> HttpResponse:
        found = queries.evaluation(evaluation_id, request.actor)
        form = act.form(request.POST, request.FILES)
        if not form.is_valid():
            return _shown(request, found, {name: form}, 422)
        try:
            act.service(evaluation_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            found.refresh_from_db()
            return _shown(request, found, {name: form}, refusal.status)
        messages.success(request, str(act.done))
        return redirect("performance:evaluation", evaluation_id)

    return view


visit = _page_of("visit", permissions.SCORE, Act(forms.VisitForm, services.note_visit, _("现场核查已登记")))
submit = _page_of("submit", permissions.SCORE, Act(forms.SubmitForm, services.submit, _("评价结果已提交县财政局审核")))
announce = _page_of("announce", permissions.COMMISSION, Act(forms.SeenForm, services.announce, _("已告知被评价方")))
give_back = _page_of(
    "return", permissions.COMMISSION, Act(forms.ReasonForm, services.return_scores, _("已退回评价机构"))
)
cancel = _page_of("cancel", permissions.COMMISSION, Act(forms.ReasonForm, services.cancel, _("评价已撤销")))
answer = _page_of(
    "answer", permissions.COMMISSION, Act(forms.AppealAnswerForm, services.answer_appeal, _("申诉已答复"))
)
send = _page_of("send", permissions.COMMISSION, Act(forms.SeenForm, services.send, _("已提请确认评价结果")))
appeal = _page_of("appeal", permissions.ANSWER, Act(forms.AppealForm, services.appeal, _("申诉已提交")))
