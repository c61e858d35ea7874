"""Entering money by hand (手工登记): one appropriation, one payment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.ui.page import page
from mingchan.register.funding import queries, services
from mingchan.register.funding.choices import FindingCode
from mingchan.register.funding.drafts import Recorded
from mingchan.register.funding.forms import AppropriationForm, PaymentForm
from mingchan.register.funding.views import showing


@page("funding.register", methods=("GET", "POST"))
def appropriation_create(request: HttpRequest) -> HttpResponse:
    """Enter money sent down by one document, with the document (2.1.1)."""
    form = AppropriationForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial=_asked(request, "project_id")
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = services.enter_appropriation(
                    form.draft(), form.handed_in, source=showing.typed_by(request), actor=request.actor, on=request.on
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                showing.tell(form, refusal, issued_on="issued")
                status = refusal.status
            else:
                _tell_findings(request, done, _("已登记资金下达"))
                return redirect("funding:appropriation", done.first_id)
    return render(request, "funding/appropriation_create.html", {"form": form}, status=status)


@page("funding.register", methods=("GET", "POST"))
def use_create(request: HttpRequest) -> HttpResponse:
    """Enter one payment, with contract and invoice (3.1)."""
    actor = request.actor
    office = queries.office_of(actor.account_id) if actor.account_id is not None else None
    initial = {"spender_id": office, **_asked(request, "line", "document")}
    form = PaymentForm(request.POST or None, request.FILES or None, actor=actor, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = services.enter_payment(
                    form.draft(),
                    form.handed_in,
                    source=showing.typed_by(request),
                    actor=actor,
                    on=request.on,
                    spender_id=form.cleaned_data["spender_id"],
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                showing.tell(form, refusal, paid_on="paid")
                status = refusal.status
            else:
                _tell_findings(request, done, _("已登记支出"))
                return redirect("funding:use", done.first_id)
    context = {
        "form": form,
        "documents": queries.documents(actor),
        "has_lines": bool(queries.lines(actor)),
        "may_manage": actor.may("project.manage"),
    }
    return render(request, "funding/use_create.html", context, status=status)


def _asked(request: HttpRequest, *names: str) -> dict[str, str]:
    """What the address of the form already says."""
    return {name: request.GET[name][:120] for name in names if name in request.GET}


def _tell_findings(request: HttpRequest, done: Recorded, success: str) -> None:
    """Say that it is entered, and what is doubtful about it."""
    messages.success(request, success)
    words = dict(FindingCode.choices)
    for finding in done.findings:
        messages.warning(request, str(words[finding.code]))
