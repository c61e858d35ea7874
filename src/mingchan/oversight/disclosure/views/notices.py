"""Pages of notices (公示): the list, one of them, drafting, publishing, posting, correcting, closing."""

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.period import SHANGHAI
from mingchan.kernel.ui.page import page
from mingchan.oversight.disclosure import forms, permissions, rules, services, wording
from mingchan.oversight.disclosure.choices import NoticeKind, NoticeOutcome, NoticeState, PlaceKind
from mingchan.oversight.disclosure.models import Notice, NoticePlace
from mingchan.oversight.disclosure.queries import documents, listing, standing
from mingchan.oversight.disclosure.queries.listing import NoticeFilter
from mingchan.oversight.disclosure.services import publishing
from mingchan.oversight.disclosure.views import showing

NOTICE = "disclosure:notice"


@page(permissions.VIEW)
def notices(request: HttpRequest) -> HttpResponse:
    """Notices, newest first: running ones with the days they still have, drafts, what waits for proof, past ones."""
    wanted = NoticeFilter.read(request.GET.dict())
    rows, following = listing.notices(wanted, request.actor, request.on, after=request.GET.get("after", ""))
    counts = listing.notice_counts(request.actor, request.on)
    labels = {
        "": _("全部"),
        listing.RUNNING: _("公示中"),
        listing.DRAFTS: _("拟稿"),
        listing.TO_POST: _("待张贴留证"),
        listing.TO_CLOSE: _("期满待办结"),
        listing.PAST: _("已结束"),
    }
    whole = request.actor.county.ljust(12, "0")
    context = {
        "tabs": [
            {
                "label": label,
                "url": reverse("disclosure:list") + (f"?tab={tab}" if tab else ""),
                "active": tab == wanted.tab,
                "count": counts.get(tab),
            }
            for tab, label in labels.items()
        ],
        "rows": rows,
        "following": following,
        "wanted": wanted,
        "kinds": NoticeKind.choices,
        "kind_names": dict(NoticeKind.choices),
        "state_names": dict(NoticeState.choices),
        "outcomes": dict(NoticeOutcome.choices),
        "tones": showing.TONES,
        "towns": [(row.code, row.name) for row in directory.children(whole)],
        "names": directory.division_names(row.division_code for row in rows),
        "today": request.on,
        "may_draft": request.actor.may(permissions.DRAFT),
    }
    return render(request, "disclosure/list.html", context)


@page(permissions.VIEW)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice: its public text, its period, its boards with their proofs, objections, case and digest."""
    found = listing.notice(notice_id, request.actor)
    return render(request, "disclosure/notice.html", _context(request, found))


def _context(request: HttpRequest, found: Notice, **more: Any) -> dict[str, Any]:
    return {
        "notice": found,
        **showing.public_text(found),
        "bar": showing.period_bar(found, request.on),
        "tone": showing.TONES[found.state],
        "leaks": wording.leaks(rules.remaining(documents.content_of(found))) if found.state == "DRAFT" else [],
        "boards": listing.boards(found, request.actor),
        "held": list(standing.holding(found).order_by("id")) if found.state == NoticeState.PUBLISHED else [],
        "objections": listing.objections_of(found),
        "objection_tones": showing.OBJECTION_TONES,
        "verdict_tones": showing.VERDICT_TONES,
        "may_see_objections": request.actor.may(permissions.SEE_OBJECTIONS, found.division_code),
        "correction": listing.correction_of(found),
        "may": showing.may(found, request),
        "blocked": showing.blocked(found, request.on) if found.state == NoticeState.PUBLISHED else "",
        "trace": showing.trace("notice", found.pk, found.division_code, request),
        "today": request.on,
        **more,
    }


@page(permissions.DRAFT, methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Draft a notice by hand."""
    form = forms.NoticeForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_by_hand(form.draft(), actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            messages.success(request, _("公示稿已保存，核对后发布。"))
            return redirect(NOTICE, made.pk)
    return render(request, "disclosure/form.html", {"form": form, "notice": None})


@page(permissions.DRAFT, methods=("GET", "POST"))
def edit(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Change a draft."""
    found = listing.notice(notice_id, request.actor)
    if found.state != NoticeState.DRAFT:
        messages.error(request, _("公示已经发布，内容不能再改；有误的请办理更正"))
        return redirect(NOTICE, notice_id)
    form = forms.NoticeForm(request.POST or None, actor=request.actor, notice=found)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.edit(notice_id, form.draft(), version, actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            messages.success(request, _("公示稿已保存，核对后发布。"))
            return redirect(NOTICE, notice_id)
    return render(request, "disclosure/form.html", {"form": form, "notice": found})


@page(permissions.DRAFT, methods=("POST",))
def mask(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mask a draft's personal data by rule."""
    found = listing.notice(notice_id, request.actor)
    try:
        services.mask(notice_id, found.version, actor=request.actor, on=request.on)
    except Refusal as refusal:
        return showing.refused(request, refusal, NOTICE, notice_id)
    messages.success(request, _("已按规则遮盖个人信息。"))
    return redirect(NOTICE, notice_id)


@page(permissions.PUBLISH, methods=("GET", "POST"))
def publish(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show exactly what will be public, and publish it."""
    found = listing.notice(notice_id, request.actor)
    if found.state != NoticeState.DRAFT:
        messages.error(request, _("这份公示不是拟稿，不能发布"))
        return redirect(NOTICE, notice_id)
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            done = services.publish(
                notice_id, int(version) if version.isdecimal() else 0, actor=request.actor, on=request.on
            )
        except Refusal as refusal:
            return showing.refused(request, refusal, "disclosure:publish", notice_id)
        messages.success(request, _("已发布，编号 %(number)s。") % {"number": done.number})
        return redirect(NOTICE, notice_id)
    period = publishing.period_of(found, request.on)
    context = {
        "notice": found,
        **showing.public_text(found),
        "period": period,
        "leaks": wording.leaks(rules.remaining(documents.content_of(found))),
        "warning": showing.calendar_warning(found, period.last),
        "may": showing.may(found, request),
        "bar": None,
    }
    return render(request, "disclosure/publish.html", context)


@page(permissions.PUBLISH, methods=("POST",))
def close(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Close a notice whose period is over."""
    listing.notice(notice_id, request.actor)
    try:
        done = services.close(notice_id, actor=request.actor, on=request.on)
    except Refusal as refusal:
        return showing.refused(request, refusal, NOTICE, notice_id)
    messages.success(request, _("公示已办结：%(outcome)s。") % {"outcome": done.get_outcome_display()})
    return redirect(NOTICE, notice_id)


@page(permissions.DRAFT, methods=("GET", "POST"))
def correct(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Begin the correction of a published notice."""
    found = listing.notice(notice_id, request.actor)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.correct(notice_id, form.cleaned_data["reason"], actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            messages.success(request, _("更正稿已生成，请改正内容后发布。"))
            return redirect("disclosure:edit", made.pk)
    return render(request, "disclosure/correct.html", {"form": form, "notice": found})


def _end(request: HttpRequest, notice_id: int, act: Any, words: str) -> HttpResponse:
    listing.notice(notice_id, request.actor)
    try:
        act(notice_id, request.POST.get("reason", ""), actor=request.actor, on=request.on)
    except Refusal as refusal:
        return showing.refused(request, refusal, NOTICE, notice_id)
    messages.success(request, words)
    return redirect(NOTICE, notice_id)


@page(permissions.PUBLISH, methods=("POST",))
def withdraw(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Withdraw a running notice with a reason."""
    return _end(request, notice_id, services.withdraw, _("公示已撤销。"))


@page(permissions.DRAFT, methods=("POST",))
def drop(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Give up a draft with a reason."""
    return _end(request, notice_id, services.drop, _("公示稿已作废。"))


# ---- Boards ----------------------------------------------------------------------------------------------------------


@page(permissions.POST, methods=("GET", "POST"))
def post(request: HttpRequest, place_id: int) -> HttpResponse:
    """A board on a phone: photograph the notice that hangs there."""
    place = NoticePlace.objects.filter(pk=place_id, kind=PlaceKind.BOARD, notice__county=request.actor.county).first()
    if place is None:
        raise NotFound(_("没有这处公开栏"))
    permissions.require(request.actor, permissions.POST, place.division_code)
    found = listing.notice(place.notice_id, request.actor)
    now = timezone.now().astimezone(SHANGHAI)
    initial = {"posted_on": request.on, "posted_at": f"{now:%H:%M}"}
    form = forms.PostingForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.post(place_id, form.draft(), actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            messages.success(request, _("%(place)s的张贴已登记。") % {"place": place.name})
            return redirect(NOTICE, found.pk)
    mine = [board for board in listing.boards(found, request.actor) if board.place.pk == place.pk]
    context = {
        "form": form,
        "notice": found,
        "place": place,
        "board": mine[0] if mine else None,
        "may_post": found.state == NoticeState.PUBLISHED,
    }
    return render(request, "disclosure/post.html", context)


def public_address(found: Notice, request: HttpRequest) -> str:
    """The notice's page for the public: of the portal where there is one, else of this context."""
    try:
        path = reverse("portal:notice", args=[found.slug])
    except NoReverseMatch:
        path = reverse(NOTICE, args=[found.pk])
    return request.build_absolute_uri(path)


@page(permissions.VIEW)
def poster(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """The notice for the boards: big, with the code to its public page and the log's newest checkpoint (3.4.3b)."""
    found = listing.notice(notice_id, request.actor)
    if found.state in (NoticeState.DRAFT, NoticeState.DROPPED):
        messages.error(request, _("发布后才能打印张贴件"))
        return redirect(NOTICE, notice_id)
    with translation.override("zh-hans"):
        made = papers.render(policy.form("notice"), _poster(found, request), on=request.on)
    services.printed(found, actor=request.actor, on=request.on)
    return FileResponse(io.BytesIO(made), filename=f"{found.slug}.pdf", content_type="application/pdf")


def _poster(found: Notice, request: HttpRequest) -> dict[str, Any]:
    content = documents.content_of(found)
    address = public_address(found, request)
    marks = {NoticeState.CORRECTED: _("已更正"), NoticeState.WITHDRAWN: _("已撤销")}
    heads = list(content.columns)
    return {
        "county": policy.county_name(),
        "number": found.number,
        "kind": str(found.get_kind_display()),
        "title": content.title,
        "paragraphs": list(content.paragraphs),
        "columns": heads,
        "rows": [list(row) for row in content.rows],
        "first_day": found.first_day,
        "last_day": found.last_day,
        "days": _("%(days)s 个%(unit)s") % {"days": found.days, "unit": found.get_unit_display()},
        "published_on": found.published_on,
        "contact": content.contact,
        "corrects": found.supersedes.number if found.supersedes is not None else "",
        "reason": found.correction_reason,
        "checkpoint": found.checkpoint,
        "digest": found.digest,
        "qr": papers.qr(address),
        "check_url": address,
        "mark": marks.get(NoticeState(found.state), _("示例") if found.is_sample else ""),
    }
