"""Appraisals, prices and results of a disposal (评估、降价报批、处置结果)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.disposal import forms, permissions, queries, services
from mingchan.lifecycle.disposal.choices import RUNNING, State
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.views.pages import context_of


@page(permissions.APPRAISE, methods=("GET", "POST"))
def appraise(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Record an appraisal with its report."""
    found = queries.disposal(disposal_id, request.actor, permissions.APPRAISE)
    form = forms.AppraisalForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.record_appraisal(
                    disposal_id, form.draft(), form.cleaned_data["file"], actor=request.actor, on=request.on
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("评估结果已登记"))
                return redirect("disposal:detail", disposal_id)
    context = {
        "disposal": found,
        "form": form,
        "appraisals": queries.appraisals(found),
        "again": found.state in RUNNING,
    }
    return render(request, "disposal/appraise.html", context, status=status)


@page(permissions.EXECUTE, methods=("POST",))
def ask_price(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Ask the county to approve a price below the floor."""
    found = queries.disposal(disposal_id, request.actor, permissions.EXECUTE)
    form = forms.PriceForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.ask_price(
                disposal_id, data["price"], data["buyer"], data["reason"], actor=request.actor, on=request.on
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已报县政府再批复，批复后重新公示"))
            return redirect("disposal:detail", disposal_id)
    return render(request, "disposal/detail.html", context_of(found, request, price=form), status=422)


@page(permissions.EXECUTE, methods=("GET", "POST"))
def execute(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Record how a disposal was carried out; its assets leave the register and the books."""
    found = queries.disposal(disposal_id, request.actor, permissions.EXECUTE)
    initial = {"version": found.version, "other_party": _named(found)}
    form = forms.ResultForm(request.POST or None, request.FILES or None, kind=found.kind, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            paper = form.cleaned_data["file"]
            try:
                services.execute(
                    disposal_id,
                    form.draft(),
                    [paper] if paper is not None else [],
                    form.cleaned_data["version"],
                    actor=request.actor,
                    on=request.on,
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("处置结果已登记，资产已销账"))
                return redirect("disposal:detail", disposal_id)
    context = {
        "disposal": found,
        "spec": queries.kind(found.kind),
        "form": form,
        "floor": queries.floor(found),
        "appraisal": queries.appraisal(found),
        "open": found.state == State.MAY_PROCEED,
        "warnings": [],
    }
    return render(request, "disposal/execute.html", context, status=status)


def _named(found: Disposal) -> str:
    return found.recipient.name if found.recipient is not None else found.recipient_name
