"""The surveys of the county, one survey with its figures, its rows, and what it says of the cards once settled."""

from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence import services as evidence_services
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.evidence.models import Attachment
from mingchan.kernel import links
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import filters, unit
from mingchan.kernel.ui.page import page
from mingchan.register.assets.choices import AssetType, SixClass, System, Tier
from mingchan.register.assets.queries import names_by_key
from mingchan.register.survey import permissions, queries, services
from mingchan.register.survey.choices import OVER, Decision, Kind, State, Verdict, Way
from mingchan.register.survey.forms import RematchForm, SettleForm, WithdrawForm
from mingchan.register.survey.models import Survey
from mingchan.register.survey.queries import listing, scoping, things
from mingchan.register.survey.views import showing

IMPORT_DOOR = "page:import-survey"
VERDICT_TONES = {"IN": "good", "OUT": "neutral", "DOUBT": "warn"}


def amount(fen: int) -> str:
    """Fen in the reader's unit, with the unit."""
    return f"{filters.money(fen)} {unit.label()}"


def may_settle(request: HttpRequest, survey: Survey) -> bool:
    """Whether the reader may settle something of a survey that is not settled yet."""
    return survey.state not in OVER and request.actor.may(permissions.SETTLE)


@page("survey.view")
def surveys(request: HttpRequest) -> HttpResponse:
    """Surveys, newest first (3.2)."""
    found, following = listing.surveys(request.actor, request.GET.get("after"))
    context = {
        "surveys": found,
        "following": following,
        "tones": showing.STATE_TONES,
        "import_url": links.resolve(IMPORT_DOOR).url if request.actor.may(permissions.IMPORT) else "",
    }
    return render(request, "survey/list.html", context)


@page("survey.view")
def survey(request: HttpRequest, survey_id: int) -> HttpResponse:
    """One survey: rows by the way they were matched, differences by kind and decision, and its settling (3.2)."""
    found = queries.survey(survey_id, request.actor)
    actor = request.actor
    kinds = listing.kind_figures(found, actor)
    ways, alone = listing.way_figures(found, actor)
    settles = may_settle(request, found) and all(
        permissions.may_settle(actor, code) for code in scoping.divisions_of(found)
    )
    decided = [
        (decision, Decision(decision).label, count) for decision, count in listing.decision_figures(found, actor)
    ]
    context: dict[str, Any] = {
        "survey": found,
        "scope": showing.scope_words(found),
        "tone": showing.STATE_TONES[found.state],
        "origin": links.resolve(found.source),
        "paper": int(found.document.partition(":")[2] or 0),
        "ways": [(way, Way(way).label, count) for way, count in ways],
        "alone": alone,
        "tied": listing.tied(found, actor),
        "matched": sum(count for _way, count in ways),
        "kinds": [(figure, Kind(figure.kind).label) for figure in kinds],
        "decisions": decided,
        "total": sum(figure.all for figure in kinds),
        "open": sum(figure.open for figure in kinds),
        "may_settle": may_settle(request, found),
        "settles": settles,
        "form": SettleForm(initial={"version": found.version}),
        "withdraw_form": WithdrawForm(initial={"version": found.version}),
        "may_withdraw": settles and not any(count for _code, _label, count in decided),
        "history": evidence.history(Ref("survey", found.pk), limit=20),
        "closing": _closing(found),
        "marks": [
            (verdict, Verdict(verdict).label, VERDICT_TONES[verdict], count, fen)
            for verdict, count, fen in listing.mark_figures(found, actor)
        ],
    }
    return render(request, "survey/survey.html", context)


def _closing(survey: Survey) -> list[dict[str, Any]]:
    """The figures of a settled survey, before and after, in words."""
    if survey.state != State.SETTLED:
        return []
    found = listing.closing_figures(orjson.loads(survey.before or "[]"), orjson.loads(survey.after or "[]"))
    for line in found:
        line["name"] = " · ".join(
            str(choices(line[key]).label)
            for key, choices in (("system", System), ("tier", Tier), ("six_class", SixClass))
        )
    return found


def _tell(request: HttpRequest, refusal: Refusal) -> None:
    """Show a refusal on the next page; what the reader may not do, or what there isn't, is answered as such."""
    if refusal.status != Refusal.status:
        raise refusal
    messages.error(request, str(refusal))


@page("survey.settle", methods=("POST",))
def match(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Match rows without a card anew, and compare what nobody decided about."""
    found = queries.survey(survey_id, request.actor)
    try:
        done = services.match(found.pk, actor=request.actor, on=request.on)
    except Refusal as refusal:
        _tell(request, refusal)
    else:
        messages.success(
            request,
            _("已重新比对：匹配 %(matched)s 行，待处理差异 %(open)s 条")
            % {"matched": done.matched, "open": done.differences},
        )
    return redirect("survey:survey", survey_id)


@page("survey.settle", methods=("POST",))
def settle(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Settle a survey: scope and types are fixed, nothing of it changes any more."""
    found = queries.survey(survey_id, request.actor)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写办结意见"))
        return redirect("survey:survey", survey_id)
    try:
        services.settle(
            found.pk, form.cleaned_data["conclusion"], form.cleaned_data["version"], actor=request.actor, on=request.on
        )
    except Refusal as refusal:
        _tell(request, refusal)
    else:
        messages.success(request, _("已办结：范围和类型已界定，调查成果已封存"))
    return redirect("survey:survey", survey_id)


def _photographs(row_id: int) -> list[Attachment]:
    found = evidence.attachments_of(Ref("survey_row", row_id))
    return [one for one in found if one.kind == AttachmentKind.PHOTO]


@page("survey.settle", methods=("POST",))
def withdraw(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Take back a survey that was brought in by mistake, while nothing was decided from it."""
    found = queries.survey(survey_id, request.actor)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写收回理由"))
        return redirect("survey:survey", survey_id)
    given = form.cleaned_data
    try:
        services.withdraw(found.pk, given["conclusion"], given["version"], actor=request.actor, on=request.on)
    except Refusal as refusal:
        _tell(request, refusal)
    else:
        messages.success(request, _("调查已收回，可以重新导入。"))
    return redirect("survey:survey", survey_id)


@page("survey.view", methods=("POST",))
def photograph(request: HttpRequest, survey_id: int, row_id: int) -> HttpResponse:
    """Keep photographs of a thing that the survey found."""
    found = queries.survey(survey_id, request.actor)
    line = listing.row(found, row_id, request.actor)
    if not request.actor.may("paper.attach", line.division_code):
        raise NotAllowed(_("没有在该区划上传附件的权限。"), clauses=("3.2",))
    files = request.FILES.getlist("photographs")[:20]
    kept = 0
    for file in files:
        try:
            evidence_services.attach(
                file.file,
                name=file.name or "",
                owner=Ref("survey_row", line.pk),
                division=line.division_code,
                kind=AttachmentKind.PHOTO,
                actor=request.actor,
                on=request.on,
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.error(request, f"{file.name}：{refusal}")
        else:
            kept += 1
    if kept:
        messages.success(request, _("已保存 %(count)s 张照片") % {"count": kept})
    elif not files:
        messages.error(request, _("请选择照片"))
    return redirect("survey:row", survey_id, row_id)


@page("survey.view")
def rows(request: HttpRequest, survey_id: int) -> HttpResponse:
    """The rows of a survey, each with its card and why."""
    found = queries.survey(survey_id, request.actor)
    way, words = request.GET.get("way", ""), request.GET.get("q", "").replace("\x00", "").strip()[:60]
    shown = listing.rows(found, request.actor, way=way, words=words, after=request.GET.get("after"))
    ways, alone = listing.way_figures(found, request.actor)
    base = reverse("survey:rows", args=[found.pk])
    tabs = [{"label": _("全部"), "url": base, "active": not way, "count": sum(n for _way, n in ways) + alone}]
    tabs += [
        {"label": Way(value).label, "url": f"{base}?way={value}", "active": way == value, "count": count}
        for value, count in ways
    ]
    tabs.append({"label": _("未匹配"), "url": f"{base}?way=NONE", "active": way == "NONE", "count": alone})
    tied = listing.tied(found, request.actor)
    if tied or way == "TIED":
        tabs.append({"label": _("有并列"), "url": f"{base}?way=TIED", "active": way == "TIED", "count": tied})
    context = {
        "survey": found,
        "rows": [
            {
                **line,
                "why": showing.why(line["match__way"], line["match__score"]) if line["match__way"] else "",
            }
            for line in shown.rows
        ],
        "places": names_by_key(set(), set(), {line["division_code"] for line in shown.rows}).divisions,
        "following": shown.following,
        "tabs": tabs,
        "words": words,
    }
    return render(request, "survey/rows.html", context)


@page("survey.view")
def row(request: HttpRequest, survey_id: int, row_id: int) -> HttpResponse:
    """One row beside its card, what was found about it, and the cards that it may be."""
    found = queries.survey(survey_id, request.actor)
    line = listing.row(found, row_id, request.actor)
    standing = getattr(line, "match", None)
    differences = listing.differences_of_row(line)
    settles = may_settle(request, found) and permissions.may_settle(request.actor, line.division_code)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    offered = settles and all(not difference.decision for difference in differences)
    context = {
        "survey": found,
        "row": line,
        "match": standing,
        "why": showing.why(standing.way, standing.score) if standing else "",
        "lines": showing.side_by_side(
            line, standing.asset if standing else None, {one.kind for one in differences}, amount
        ),
        "differences": [(one, one.get_kind_display(), *showing.sides(one, amount)) for one in differences],
        "originals": orjson.loads(line.originals) if line.originals else {},
        "offered": offered,
        "words": words,
        "candidates": things.candidates(found, line, request.actor, words) if offered else [],
        "history": evidence.history(Ref("survey_row", line.pk), limit=20),
        "photographs": _photographs(line.pk) if request.actor.may("paper.view", line.division_code) else [],
        "may_photograph": request.actor.may("paper.attach", line.division_code),
    }
    return render(request, "survey/row.html", context)


@page("survey.settle", methods=("POST",))
def rematch(request: HttpRequest, survey_id: int, row_id: int) -> HttpResponse:
    """Give a row another card by hand, or none."""
    found = queries.survey(survey_id, request.actor)
    line = listing.row(found, row_id, request.actor)
    form = RematchForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return redirect("survey:row", survey_id, row_id)
    data = form.cleaned_data
    try:
        services.rematch(
            line.pk, data["asset"], standing=data["standing"], reason=data["reason"], actor=request.actor, on=request.on
        )
    except Refusal as refusal:
        _tell(request, refusal)
    else:
        messages.success(request, _("已改配，差异已重新比对") if data["asset"] else _("已取消匹配"))
    return redirect("survey:row", survey_id, row_id)


@page("survey.view")
def marks(request: HttpRequest, survey_id: int) -> HttpResponse:
    """What a settled survey says of each card: in the plan's scope or not, and of which type (2.1.1, 2.1.2)."""
    found = queries.survey(survey_id, request.actor)
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in Verdict.values else ""
    shown = listing.marks(found, request.actor, verdict=verdict, after=request.GET.get("after"))
    base = reverse("survey:marks", args=[found.pk])
    figures = listing.mark_figures(found, request.actor)
    tabs = [{"label": _("全部"), "url": base, "active": not verdict, "count": sum(line[1] for line in figures)}]
    tabs += [
        {"label": Verdict(value).label, "url": f"{base}?verdict={value}", "active": verdict == value, "count": count}
        for value, count, _fen in figures
    ]
    context = {
        "survey": found,
        "rows": shown.rows,
        "following": shown.following,
        "tabs": tabs,
        "verdicts": dict(Verdict.choices),
        "tones": VERDICT_TONES,
        "systems": dict(System.choices),
        "tiers": dict(Tier.choices),
        "types": dict(AssetType.choices),
        "classes": dict(SixClass.choices),
    }
    return render(request, "survey/marks.html", context)
