"""Pages of objections (异议): what waits, what is late, one of them with its steps, noting one for somebody."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import queries as log
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import page
from mingchan.oversight.disclosure import forms, permissions, services
from mingchan.oversight.disclosure.choices import ObjectionSource, ObjectionState, ObjectionVerdict
from mingchan.oversight.disclosure.drafts import FileDraft
from mingchan.oversight.disclosure.models import Objection
from mingchan.oversight.disclosure.queries import listing, standing
from mingchan.oversight.disclosure.services.answering import is_impartial
from mingchan.oversight.disclosure.views import showing

OBJECTION = "disclosure:objection"


@page(permissions.SEE_OBJECTIONS)
def objections(request: HttpRequest) -> HttpResponse:
    """Objections: those that wait with what is due first above, the late ones, all."""
    asked = request.GET.get("tab", listing.OPEN)
    tab = asked if asked in listing.OBJECTION_TABS else ""
    rows, following = listing.objections(tab, request.actor, request.on, after=request.GET.get("after", ""))
    counts = listing.objection_counts(request.actor, request.on)
    labels = {
        listing.OPEN: _("待办理"),
        listing.OVERDUE: _("已超期"),
        listing.DONE: _("已办结"),
        "all": _("全部"),
    }
    context = {
        "tabs": [
            {
                "label": label,
                "url": reverse("disclosure:objections") + f"?tab={key}",
                "active": key == (tab or "all"),
                "count": counts.get(key),
            }
            for key, label in labels.items()
        ],
        "rows": rows,
        "following": following,
        "counts": counts,
        "state_names": dict(ObjectionState.choices),
        "verdicts": dict(ObjectionVerdict.choices),
        "sources": dict(ObjectionSource.choices),
        "tones": showing.OBJECTION_TONES,
        "verdict_tones": showing.VERDICT_TONES,
        "waiting": ("OPEN", "ACCEPTED"),
        "today": request.on,
    }
    return render(request, "disclosure/objections.html", context)


@page(permissions.SEE_OBJECTIONS)
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """One objection: what was said, what was found, what was answered, and what is to be done next."""
    row = listing.objection(objection_id, request.actor)
    return render(request, "disclosure/objection.html", _context(request, row))


def _handlers(row: Objection, request: HttpRequest) -> list[tuple[int, str]]:
    """Accounts that may look into it: with the right over its division and without a part in the matter."""
    accounts = Account.objects.filter(county=row.county, is_active=True, grants__role__in=_roles()).distinct()
    return [
        (account.pk, f"{account.name}（{account.office.name}）")
        for account in accounts.select_related("office").order_by("id")
        if is_impartial(row, account)
        and directory.actor_for(account, request.on).may(permissions.HANDLE, row.division_code)
    ]


def _roles() -> list[str]:
    return [code for code, spec in policy.roles().items() if permissions.HANDLE in spec.rights]


def _context(request: HttpRequest, row: Objection, **bound: Any) -> dict[str, Any]:
    names, at = showing.steps(row)
    has_right = request.actor.may(permissions.HANDLE, row.division_code)
    handles = has_right and is_impartial(row, request.account)
    version = {"version": row.version}
    context: dict[str, Any] = {
        "row": row,
        "notice": row.notice,
        "steps": names,
        "step": at,
        "tone": showing.OBJECTION_TONES[row.state],
        "verdict_tones": showing.VERDICT_TONES,
        "is_overdue": standing.is_overdue(row, request.on),
        "files": log.attachments_of(Ref("objection", row.pk)),
        "notes": listing.notes_of(row),
        "handles": handles,
        "has_part": has_right and not handles,
        "forms": {},
        "may_reveal": request.actor.may(permissions.REVEAL, row.division_code)
        and bool(row.name_mask or row.contact_mask)
        and is_impartial(row, request.account),
        "may_read": request.actor.may("paper.view", row.division_code),
        "reveal": bound.pop("reveal", None) or forms.RevealForm(),
        "revealed": bound.pop("revealed", None),
        "trace": showing.trace("objection", row.pk, row.division_code, request),
        "today": request.on,
    }
    noted = {paper.paper_id for paper in context["notes"]}
    context["files"] = [file for file in context["files"] if file.pk not in noted]
    if handles and row.state == ObjectionState.OPEN:
        handlers = _handlers(row, request)
        context["forms"] = {
            "accept": bound.get("accept") or forms.AcceptForm(handlers=handlers, initial=version),
            "refuse": bound.get("refuse") or forms.RefuseForm(initial=version),
        }
    elif handles and row.state == ObjectionState.ACCEPTED:
        handlers = _handlers(row, request)
        context["forms"] = {
            "note": bound.get("note") or forms.NoteForm(),
            "answer": bound.get("answer") or forms.AnswerForm(initial=version),
            "assign": bound.get("assign")
            or forms.AcceptForm(handlers=handlers, initial={**version, "investigator": row.investigator_id}),
        }
    return context


def _again(request: HttpRequest, row: Objection, name: str, form: Any) -> HttpResponse:
    return render(request, "disclosure/objection.html", _context(request, row, **{name: form}), status=400)


def _done(request: HttpRequest, objection_id: int, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(OBJECTION, objection_id)


def _taking(request: HttpRequest, objection_id: int, name: str, act: Any, words: str) -> HttpResponse:
    row = listing.objection(objection_id, request.actor)
    form = forms.AcceptForm(request.POST, handlers=_handlers(row, request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            act(objection_id, given["investigator"], given["version"], actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            return _done(request, objection_id, words)
    return _again(request, row, name, form)


@page(permissions.HANDLE, methods=("POST",))
def accept(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Accept it and say who looks into it."""
    return _taking(request, objection_id, "accept", services.accept, _("异议已受理。"))


@page(permissions.HANDLE, methods=("POST",))
def assign(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Give it to another investigator."""
    return _taking(request, objection_id, "assign", services.assign, _("已改派核查人。"))


@page(permissions.HANDLE, methods=("POST",))
def refuse(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Refuse it as inadmissible with a reason."""
    row = listing.objection(objection_id, request.actor)
    form = forms.RefuseForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.refuse(objection_id, given["text"], given["version"], actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            return _done(request, objection_id, _("已登记不予受理，理由随公示公开。"))
    return _again(request, row, "refuse", form)


@page(permissions.HANDLE, methods=("POST",))
def note(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Note what was found, with a paper."""
    row = listing.objection(objection_id, request.actor)
    form = forms.NoteForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        paper = FileDraft(file.name, file.read()) if file else None
        try:
            services.note(objection_id, form.cleaned_data["text"], paper=paper, actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            return _done(request, objection_id, _("核查记录已登记。"))
    return _again(request, row, "note", form)


@page(permissions.HANDLE, methods=("POST",))
def answer(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Answer it, in words that are published."""
    row = listing.objection(objection_id, request.actor)
    form = forms.AnswerForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.answer(
                objection_id, given["verdict"], given["text"], given["version"], actor=request.actor, on=request.on
            )
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            return _done(request, objection_id, _("异议已答复，答复随公示公开。"))
    return _again(request, row, "answer", form)


@page(permissions.REVEAL, methods=("POST",))
def reveal(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Show a name or contact once; the look and its reason are recorded first."""
    row = listing.objection(objection_id, request.actor)
    form = forms.RevealForm(request.POST)
    revealed = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            value = services.reveal(objection_id, given["field"], given["reason"], actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
        else:
            revealed = (dict(form.fields["field"].choices)[given["field"]], value)  # type: ignore[attr-defined]
    return render(request, "disclosure/objection.html", _context(request, row, reveal=form, revealed=revealed))


@page(permissions.VIEW, methods=("GET", "POST"))
def lodge(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Note an objection for somebody who came, called or wrote; the receipt is shown this once."""
    found = listing.notice(notice_id, request.actor)
    form = forms.ObjectionForm(request.POST or None, request.FILES or None)
    receipt = None
    if request.method == "POST" and form.is_valid():
        try:
            receipt = services.object_to(notice_id, form.draft(), actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
    is_late = found.last_day is not None and request.on > found.last_day
    context = {"form": form, "notice": found, "receipt": receipt, "is_late": is_late}
    return render(request, "disclosure/lodge.html", context)
