"""The portal's doors (反映、异议、查进度): a report, an objection, how it goes on.

They act as nobody, whoever is logged in elsewhere in the browser: so there is no authority to borrow, and the signed
challenge of each form, used once, takes the place of Django's token and its cookie. What is too large is refused
before it is read.
"""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from mingchan.interfaces.portal import forms, queries, services
from mingchan.interfaces.portal.choices import Door
from mingchan.interfaces.portal.drafts import Proof
from mingchan.interfaces.portal.views import showing
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.ui.page import public
from mingchan.oversight.complaints import queries as complaints
from mingchan.oversight.complaints import services as complaint_services
from mingchan.oversight.complaints.choices import Act, Kind, Source, State
from mingchan.oversight.complaints.drafts import ComplaintDraft, FileDraft
from mingchan.oversight.disclosure import queries as disclosure
from mingchan.oversight.disclosure import services as disclosure_services
from mingchan.oversight.disclosure.drafts import FileDraft as ObjectionFile
from mingchan.oversight.disclosure.drafts import ObjectionDraft

KEEP = frozenset({"EARLY"})
"""Faults after which the same form is good again once some time has passed."""


def _too_large(request: HttpRequest) -> HttpResponse | None:
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not text.isdecimal() or int(text) <= forms.MOST_BODY_BYTES:
        return None
    words = _("照片加在一起太大。请返回，选小一些的照片，或少选几张再提交。")
    return showing.lost(request, _("没有提交"), words, status=413)


def _proof(request: HttpRequest) -> Proof:
    given = request.POST
    return Proof(given.get("challenge", "")[:200], given.get("nonce", "")[:40], given.get("website", "")[:200])


def _send(
    request: HttpRequest, form: django_forms.Form, door: Door, subject: str, do: Callable[[], Any]
) -> tuple[Any, bool]:
    """Admit and do. Gives what was done, or None with the form's error set, and whether its challenge stays good."""
    try:
        services.admit(
            door,
            _proof(request),
            address=request.META.get("REMOTE_ADDR", ""),
            subject=subject,
            moment=utc_now(),
            actor=showing.nobody(),
            on=request.on,
        )
        return do(), False
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None, refusal.field in KEEP


def _challenge(request: HttpRequest, door: Door, keep: bool = False) -> Any:
    found = services.challenge(door, moment=utc_now())
    return type(found)(_proof(request).challenge, found.bits, found.wait_seconds) if keep else found


@csrf_exempt
@public(methods=("GET", "POST"))
def report(request: HttpRequest) -> HttpResponse:
    """Report an idle or damaged asset, misuse or something else, with photographs; no name is needed (4.3, 2.6.2)."""
    if request.method == "POST" and (refused := _too_large(request)) is not None:
        return refused
    county = showing.county()
    is_sent, keep = request.method == "POST", False
    initial = {
        "asset": request.GET.get("asset", "")[:40],
        "division": request.GET.get("place", "")[:12],
        "kind": Kind.IDLE,
    }
    form = forms.ReportForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        towns=queries.towns(county),
        initial=initial,
    )
    if is_sent and form.is_valid():
        draft = _report_of(form, county)
        if draft is not None:
            receipt, keep = _send(
                request, form, Door.REPORT, "",
                lambda: complaint_services.receive(draft, actor=showing.nobody(), on=request.on),
            )  # fmt: skip
            if receipt is not None:
                context = {"number": receipt.number, "code": _halves(receipt.code), "is_objection": False}
                return showing.respond(request, "portal/receipt.html", context, tab="report", kept=False)
    context = {
        "form": form,
        "challenge": _challenge(request, Door.REPORT, keep),
        "counts": complaints.public_counts(county, request.on),
    }
    return showing.respond(
        request, "portal/report.html", context, tab="report", kept=False, status=422 if is_sent else 200
    )


def _report_of(form: forms.ReportForm, county: str) -> ComplaintDraft | None:
    """The report, its place taken from the asset's label when that is known; None with an error for a wrong number."""
    given = form.cleaned_data
    division, place = given["division"], given["place"]
    code = given["asset"].strip()
    if code:
        found = queries.label(county, code)
        if found is not None:
            code = found.code
            division, place = found.division_code or division, place or found.site
        elif not (division or place):
            form.add_error("asset", _("没有这个编号的资产。请核对编号，或写明在哪里。"))
            return None
    files = [FileDraft(*given[key]) for key in ("photo", "second") if given[key]]
    return ComplaintDraft(
        kind=given["kind"],
        text=given["text"],
        source=Source.PORTAL,
        asset_code=code,
        division_code=division,
        place=place,
        name=given["name"],
        contact=given["contact"],
        files=files,
    )


def _halves(code: str) -> str:
    """A code in two halves, easier to write down."""
    plain = code.replace("-", "")
    return f"{plain[: len(plain) // 2]}-{plain[len(plain) // 2 :]}"


@csrf_exempt
@public(methods=("GET", "POST"))
def object_to(request: HttpRequest, slug: str) -> HttpResponse:
    """Object to a notice; an objection in time holds the matter until it is answered (3.4.3a, 4.3)."""
    if request.method == "POST" and (refused := _too_large(request)) is not None:
        return refused
    try:
        notice = disclosure.public_notice(slug, county=showing.county())
    except NotFound:
        return showing.lost(request, _("没有这份公示"), _("公示可能已经撤下，或者网址抄错了。"))
    is_sent, keep = request.method == "POST", False
    form = forms.ObjectionForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        given = form.cleaned_data
        files = [ObjectionFile(*given["photo"])] if given["photo"] else []
        draft = ObjectionDraft(given["text"], given["name"], given["contact"], files)
        receipt, keep = _send(
            request, form, Door.OBJECT, f"notice:{notice.id}",
            lambda: disclosure_services.object_to(notice.id, draft, actor=showing.nobody(), on=request.on),
        )  # fmt: skip
        if receipt is not None:
            context = {"number": receipt.number, "code": _halves(receipt.code), "is_objection": True}
            return showing.respond(request, "portal/receipt.html", context, tab="notices", kept=False)
    context = {
        "form": form,
        "notice": notice,
        "challenge": _challenge(request, Door.OBJECT, keep),
        "remaining": (notice.last_day - request.on).days + 1,
    }
    return showing.respond(
        request, "portal/object.html", context, tab="notices", kept=False, status=422 if is_sent else 200
    )


@csrf_exempt
@public(methods=("GET", "POST"))
def follow(request: HttpRequest) -> HttpResponse:
    """How a report or an objection goes on, for whoever has its number and code."""
    if request.method == "POST" and (refused := _too_large(request)) is not None:
        return refused
    is_sent = request.method == "POST"
    form = forms.FollowForm(request.POST if is_sent else None)
    context: dict[str, Any] = {"form": form, "report": None, "objection": None}
    status = 422 if is_sent else 200
    if is_sent and form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        found = complaints.followed(showing.county(), number, code)
        if found is not None:
            context |= {
                "report": found,
                "acts": dict(Act.choices),
                "states": dict(State.choices),
                "kinds": dict(Kind.choices),
            }
            status = 200
        else:
            status = _follow_objection(request, form, context)
    return showing.respond(request, "portal/follow.html", context, tab="follow", kept=False, status=status)


def _follow_objection(request: HttpRequest, form: forms.FollowForm, context: dict[str, Any]) -> int:
    """The objection with the number, or an error told and counted."""
    try:
        context["objection"] = disclosure.followed(form.cleaned_data["number"], form.cleaned_data["code"])
        return 200
    except NotFound:
        pass
    try:
        services.count_miss(
            address=request.META.get("REMOTE_ADDR", ""), moment=utc_now(), actor=showing.nobody(), on=request.on
        )
        form.add_error("code", _("编号和查询码对不上。请核对后再查；查询码只在提交时显示过一次。"))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return 422
