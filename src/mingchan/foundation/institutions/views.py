"""Pages of the library (制度库): the list, one institution with its versions, a new one, a new version, reading."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.institutions import forms, permissions, queries, rules, services
from mingchan.foundation.institutions.choices import Field, Standing
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import page

TONES = {Standing.COMING: "info", Standing.IN_FORCE: "good", Standing.REPLACED: "neutral"}


def _may_issue(request: HttpRequest) -> bool:
    return bool(request.actor.may(permissions.ISSUE, request.actor.county))


@page("institution.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Every institution with the version in force, and whether its reader has read it (4.2)."""
    context = {
        "rows": queries.library(request.actor, request.on),
        "fields": dict(Field.choices),
        "standings": dict(Standing.choices),
        "tones": TONES,
        "duties": queries.duties(request.actor, request.on),
        "may_issue": _may_issue(request),
    }
    return render(request, "institutions/list.html", context)


def _shown(request: HttpRequest, document_id: int, *, form: Any = None, status: int = 200) -> HttpResponse:
    document = queries.document(document_id, request.actor)
    found = queries.versions(document, request.on)
    asked = request.GET.get("version", "")
    versions = [version for version, _standing in found]
    in_force = [version for version, standing in found if standing == Standing.IN_FORCE]
    shown = next((one for one in versions if str(one.number) == asked), (in_force or versions or [None])[0])
    older = next((one for one in versions if shown is not None and one.number == shown.number - 1), None)
    readings = queries.readings(shown) if shown else []
    known = policy.roles()
    context = {
        "document": document,
        "versions": found,
        "shown": shown,
        "older": older,
        "compared": rules.compared(older.text, shown.text) if older and request.GET.get("compare") else None,
        "standings": dict(Standing.choices),
        "tones": TONES,
        "clauses": [policy.clauses()[key] for key in document.clauses.split() if key in policy.clauses()],
        "readings": readings,
        "awaited": queries.awaited(shown, document.county, request.on) if shown and shown.readers else [],
        "readers": "、".join(known[role].text for role in shown.readers.split() if role in known) if shown else "",
        "has_read": any(one.account_id == request.actor.account_id for one in readings),
        "may_read": bool(shown) and (shown.valid_to is None or shown.valid_to > request.on),
        "files": evidence.attachments_of(Ref("institution_version", shown.pk)) if shown else [],
        "may_files": request.actor.may("paper.view"),
        "form": form or forms.VersionForm(initial={"seen": document.version}),
        "may_issue": _may_issue(request),
    }
    return render(request, "institutions/detail.html", context, status=status)


@page("institution.view")
def detail(request: HttpRequest, document_id: int) -> HttpResponse:
    """One institution: its text as in force or as of a version, versions, who has read it."""
    return _shown(request, document_id)


@page("institution.issue", methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """A new institution."""
    form = forms.DocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add(form.draft(), actor=request.actor, on=request.on)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已建立，请印发第一版。"))
            return redirect("institutions:detail", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "institutions/create.html", {"form": form}, status=status)


@page("institution.issue", methods=("POST",))
def issue(request: HttpRequest, document_id: int) -> HttpResponse:
    """Issue a version."""
    queries.document(document_id, request.actor)
    form = forms.VersionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, document_id, form=form, status=422)
    try:
        services.issue(document_id, form.draft(), seen=form.cleaned_data["seen"], actor=request.actor, on=request.on)
    except (NotAllowed, NotFound, Stale):
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _shown(request, document_id, form=form, status=409)
    messages.success(request, _("已印发。"))
    return redirect("institutions:detail", document_id)


@page("institution.view", methods=("POST",))
def read(request: HttpRequest, version_id: int) -> HttpResponse:
    """Note that the reader has read a version."""
    reading = services.note_read(version_id, actor=request.actor, on=request.on)
    messages.success(request, _("已记下您的阅知。"))
    return redirect("institutions:detail", reading.version.document_id)
