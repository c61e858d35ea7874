"""Insurance and claims of a contract (保险与理赔, 2.4.2e)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.ui import acting
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.operation import permissions, services
from mingchan.lifecycle.operation.forms import ClaimedForm, ClaimForm, InsuranceForm, ReasonForm
from mingchan.lifecycle.operation.queries import showing


@page(permissions.INSURE, methods=("GET", "POST"))
def insure(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Note a policy over all the contract's assets, or over some."""
    found = showing.contract(contract_id, request.actor)
    initial = {"starts_on": found.starts_on, "last_day": found.last_day}
    form = InsuranceForm(request.POST or None, request.FILES or None, initial=initial)
    back = reverse("operation:contract", args=[found.pk]) + "#risk"

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        named = [int(key) for key in request.POST.getlist("asset") if key.isascii() and key.isdecimal()]
        services.insure(found.pk, form.draft(named), paper=data["paper"], actor=request.actor, on=request.on)
        return _("已登记保险单"), back

    context = {
        "heading": _("登记保险单"),
        "note": _("不勾选资产的，视为承保合同的全部资产。"),
        "back": back,
        "submit": _("登记"),
        "contract": found,
        "assets": list(showing.covered(found)[: showing.ASSETS_SHOWN]),
        "ticked": set(request.POST.getlist("asset")),
    }
    return acting.posted(request, form, carry_out, "operation/simple.html", context)


@page(permissions.INSURE, methods=("POST",))
def end_insurance(request: HttpRequest, insurance_id: int) -> HttpResponse:
    """Note that a policy ended before its day."""
    row = showing.insurance(insurance_id, request.actor)
    form = ReasonForm(request.POST)

    def carry_out() -> str:
        services.end_insurance(row.pk, reason=form.cleaned_data["reason"], actor=request.actor, on=request.on)
        return _("已登记退保")

    return acting.done(request, carry_out, _risk(row.contract_id), form)


@page(permissions.INSURE, methods=("POST",))
def claim(request: HttpRequest, insurance_id: int) -> HttpResponse:
    """Note a loss that is claimed."""
    row = showing.insurance(insurance_id, request.actor)
    form = ClaimForm(request.POST)

    def carry_out() -> str:
        data = form.cleaned_data
        services.claim(
            row.pk, happened_on=data["happened_on"], event=data["event"], claimed_fen=data["claimed"],
            actor=request.actor, on=request.on,
        )  # fmt: skip
        return _("已登记出险")

    return acting.done(request, carry_out, _risk(row.contract_id), form)


@page(permissions.INSURE, methods=("POST",))
def close_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Note what a claim came to."""
    row = showing.claim(claim_id, request.actor)
    form = ClaimedForm(request.POST)

    def carry_out() -> str:
        services.close_claim(row.pk, paid_fen=form.cleaned_data["paid"], actor=request.actor, on=request.on)
        return _("理赔已结案")

    return acting.done(request, carry_out, _risk(row.insurance.contract_id), form)


def _risk(contract_id: int) -> str:
    return reverse("operation:contract", args=[contract_id]) + "#risk"
