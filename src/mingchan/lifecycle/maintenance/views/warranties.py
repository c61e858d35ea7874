"""Warranties (保修): those that hold, end soon or are over; noting one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.maintenance import permissions, queries, services
from mingchan.lifecycle.maintenance.forms import ReasonForm, WarrantyForm
from mingchan.register.assets import queries as assets


def _shown(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    state = request.GET.get("state", "")
    rows, following = queries.orders.warranties(state, request.actor, request.on, after=request.GET.get("after", ""))
    context = {
        "rows": rows,
        "following": following,
        "states": [("ending", _("即将到期")), ("over", _("已到期"))],
        "state": state,
        "may": {row.pk: request.actor.may(permissions.ORDER, row.division_code) for row in rows},
        "on": request.on,
        "problem": problem,
    }
    return render(request, "maintenance/warranties.html", context, status=status)


@page("maintenance.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Warranties by their last day (2.6.1b)."""
    return _shown(request)


@page("maintenance.order", methods=("GET", "POST"))
def new(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Note a warranty of an asset."""
    asset = assets.card(asset_id, request.actor)
    initial = {"provider": asset.supplier, "starts_on": asset.acquired_on}
    form = WarrantyForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.warrant(asset.pk, **form.cleaned_data, actor=request.actor, on=request.on)
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已登记保修"))
                return redirect(f"{reverse('assets:card', args=[asset.pk])}?tab=maintenance")
    return render(request, "maintenance/warranty.html", {"asset": asset, "form": form}, status=status)


@page("maintenance.order", methods=("POST",))
def end(request: HttpRequest, warranty_id: int) -> HttpResponse:
    """End a warranty before its day."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        services.end_warranty(warranty_id, reason=reason, actor=request.actor, on=request.on)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _shown(request, str(refusal), refusal.status)
    messages.success(request, _("已终止保修"))
    return redirect("maintenance:warranties")
