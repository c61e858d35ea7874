"""The differences of a survey: the list, one of them side by side, and deciding about one or many (3.2)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import page
from mingchan.register.assets.queries import names_by_key
from mingchan.register.survey import permissions, queries, rules, services
from mingchan.register.survey.choices import Decision, Kind
from mingchan.register.survey.drafts import Decided
from mingchan.register.survey.forms import DecisionForm
from mingchan.register.survey.models import Difference, Survey
from mingchan.register.survey.queries import DifferenceFilter, DifferenceRow, listing
from mingchan.register.survey.services import differing
from mingchan.register.survey.views import showing
from mingchan.register.survey.views.surveys import amount, may_settle

MOST_CHOSEN, SHOWN = 200, 20


@page("survey.view")
def differences(request: HttpRequest, survey_id: int) -> HttpResponse:
    """The differences inside a filter, by key, each with both sides and what was decided."""
    found = queries.survey(survey_id, request.actor)
    actor = request.actor
    filtered = DifferenceFilter.read(request.GET)
    sort = request.GET.get("sort", "id")
    shown = listing.differences(found, filtered, actor, sort=sort, after=request.GET.get("after"))
    open_filter = filtered.but(settled="open", decision="")
    context = {
        "survey": found,
        "rows": [_line(row) for row in shown.rows],
        "following": shown.following,
        "sort": sort,
        "count": listing.count(found, filtered, actor),
        "cap": listing.COUNT_CAP,
        "open": listing.count(found, open_filter, actor),
        "places": names_by_key(set(), set(), {row.division_code for row in shown.rows}).divisions,
        "kinds": Kind.choices,
        "decisions": Decision.choices,
        "divisions": [(row.code, row.name) for row in directory.children(actor.county.ljust(12, "0"))],
        "chips": _chips(found, filtered),
        "may_settle": may_settle(request, found),
        "all_url": f"{reverse('survey:decide', args=[found.pk])}?{urlencode({**open_filter.parameters(), 'all': '1'})}",
        "export_url": f"{reverse('survey:export', args=[found.pk])}?{urlencode(filtered.parameters())}",
    }
    return render(request, "survey/differences.html", context)


def _line(row: Any) -> dict[str, Any]:
    """A difference as lists show it."""
    register, survey = showing.sides(row, amount)
    return {
        "row": row,
        "kind": Kind(row.kind).label,
        "tone": showing.KIND_TONES.get(row.kind, "warn"),
        "register": register,
        "survey": survey,
        "why": showing.why(row.way, row.score) if row.way else "",
        "decision": Decision(row.decision).label if row.decision else "",
        "decision_tone": showing.DECISION_TONES.get(row.decision, "warn"),
    }


def _chips(survey: Survey, filtered: DifferenceFilter) -> list[tuple[str, str, str]]:
    """What narrows the list, in words, each with the address without it."""
    given = filtered.parameters()
    base = reverse("survey:differences", args=[survey.pk])
    words = {
        "kind": (_("差异"), dict(Kind.choices)),
        "settled": (_("处理"), {"open": _("待处理"), "decided": _("已处理")}),
        "decision": (_("处理意见"), dict(Decision.choices)),
        "division": (_("区划"), directory.division_names([given.get("division", "")])),
        "q": (_("关键词"), {}),
    }
    return [
        (
            words[name][0],
            str(words[name][1].get(value, value)),
            f"{base}?{urlencode({key: other for key, other in given.items() if key != name})}",
        )
        for name, value in given.items()
    ]


@page("survey.view")
def difference(request: HttpRequest, survey_id: int, difference_id: int) -> HttpResponse:
    """One difference: the register's value and the survey's, everything else side by side, and the decision."""
    found = queries.survey(survey_id, request.actor)
    one = listing.difference(found, difference_id, request.actor)
    others = listing.differences_about(one)
    register, survey = showing.sides(one, amount)
    standing = getattr(one.row, "match", None) if one.row is not None else None
    settles = (
        may_settle(request, found)
        and permissions.may_settle(request.actor, one.division_code)
        and one.decision not in rules.CHANGING
    )
    decisions = rules.decisions_for([one.kind])
    if one.row is not None and one.row.is_missing and Decision.REGISTER in decisions:
        decisions.remove(Decision.REGISTER)
    context = {
        "survey": found,
        "one": one,
        "kind": Kind(one.kind).label,
        "tone": showing.KIND_TONES.get(one.kind, "warn"),
        "register": register,
        "said": survey,
        "why": showing.why(standing.way, standing.score) if standing else "",
        "match": standing,
        "lines": showing.side_by_side(one.row, one.asset, {other.kind for other in others}, amount),
        "others": [(other, other.get_kind_display()) for other in others if other.pk != one.pk],
        "stale": _is_stale(found, one),
        "decision_tone": showing.DECISION_TONES.get(one.decision, "warn"),
        "settles": settles,
        "form": _form(decisions, request.actor.county) if settles else None,
        "history": evidence.history(Ref("survey_difference", one.pk), limit=20),
    }
    return render(request, "survey/difference.html", context)


def _is_stale(survey: Survey, one: Difference) -> bool:
    """Whether the card changed since the comparison so that the difference is another now."""
    if one.decision or one.row_id is None or one.asset is None or one.asset.version == one.asset_version:
        return False
    return bool(differing.changed_since(survey, [one]))


def _form(decisions: list[str], county: str, data: QueryDict | None = None) -> DecisionForm:
    registers = Decision.REGISTER in decisions
    return DecisionForm(
        data,
        decisions=decisions,
        fundings=[(code, source.text) for code, source in policy.funding_sources().items()] if registers else (),
        owners=[(party.pk, party.name) for party in directory.offices(county)] if registers else (),
    )


@page("survey.settle", methods=("POST",))
def compare(request: HttpRequest, survey_id: int, difference_id: int) -> HttpResponse:
    """Compare a row and its card anew after the card changed."""
    found = queries.survey(survey_id, request.actor)
    one = listing.difference(found, difference_id, request.actor)
    try:
        services.compare_again(one.pk, actor=request.actor, on=request.on)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已重新比对"))
    if listing.narrowed(found, DifferenceFilter(), request.actor).filter(pk=one.pk).exists():
        return redirect("survey:difference", found.pk, one.pk)
    return redirect("survey:differences", found.pk)


def _chosen(data: QueryDict) -> dict[int, int]:
    """Chosen differences as number and version, from boxes `12-1`; what can't be read is left out."""
    found: dict[int, int] = {}
    for text in data.getlist("selected")[:MOST_CHOSEN]:
        number, _dash, version = text.partition("-")
        if number.isdecimal() and version.isdecimal() and len(text) < 30:
            found[int(number)] = int(version)
    return found


@page("survey.settle", methods=("GET", "POST"))
def decide(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Decide about chosen differences, or about all open ones inside a filter, with one reason."""
    found = queries.survey(survey_id, request.actor)
    actor = request.actor
    asked = request.POST if request.method == "POST" else request.GET
    every = asked.get("all") == "1"
    filtered = DifferenceFilter.read(asked).but(settled="open", decision="")
    chosen = {} if every else _chosen(asked)
    wanted = listing.narrowed(found, filtered if every else DifferenceFilter(), actor)
    if not every:
        wanted = wanted.filter(pk__in=list(chosen))
    kinds = sorted(wanted.order_by().values_list("kind", flat=True).distinct())
    decisions = rules.decisions_for(kinds)
    form = _form(decisions, actor.county, request.POST if request.method == "POST" else None)
    back = request.POST.get("back") or (
        reverse("survey:differences", args=[found.pk]) + (f"?{urlencode(filtered.parameters())}" if every else "")
    )
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        status = 409
        try:
            done = _decided(request, found, form, filtered if every else None, chosen)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form.add_error(None, str(refusal))
        else:
            _say(request, done, rest=wanted.filter(decision="").count() if every else 0)
            return redirect(
                back if back.startswith(reverse("survey:list")) else reverse("survey:survey", args=[found.pk])
            )
    context = {
        "survey": found,
        "rows": [
            _line(DifferenceRow(*values)) for values in wanted.order_by("id").values_list(*listing.COLUMNS)[:SHOWN]
        ],
        "count": wanted.count(),
        "kinds": [Kind(kind).label for kind in kinds],
        "decisions": decisions,
        "form": form,
        "every": every,
        "filtered": filtered.parameters() if every else {},
        "chosen": [f"{number}-{version}" for number, version in chosen.items()],
        "back": back,
    }
    return render(request, "survey/decide.html", context, status=status)


def _decided(
    request: HttpRequest, survey: Survey, form: DecisionForm, filtered: DifferenceFilter | None, chosen: dict[int, int]
) -> Decided:
    data = form.cleaned_data
    given = {"actor": request.actor, "on": request.on, "terms": form.terms()}
    if filtered is None:
        return services.decide(survey.pk, chosen, data["decision"], data["reason"], **given)
    text = request.POST.get("expected", "")
    expected = int(text) if text.isdecimal() and len(text) < 10 else -1
    return services.decide_all(survey.pk, filtered, expected, data["decision"], data["reason"], **given)


def _say(request: HttpRequest, done: Decided, rest: int) -> None:
    words = [_("已处理 %(count)s 条差异") % {"count": done.differences}]
    if done.corrected:
        words.append(_("更正卡片 %(count)s 张") % {"count": done.corrected})
    if done.registered:
        words.append(_("登记新资产 %(count)s 项") % {"count": done.registered})
    if rest:
        words.append(_("还有 %(count)s 条，可继续办理") % {"count": rest})
    messages.success(request, "；".join(words))
