"""Money of a disposal: received, paid, closed, remitted (处置收支)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.disposal import forms, permissions, queries, services
from mingchan.lifecycle.disposal.views.pages import context_of
from mingchan.lifecycle.disposal.views.proposing import act


def _money(
    request: HttpRequest, disposal_id: int, name: str, do: Callable[[Mapping[str, Any]], Any], done: str
) -> HttpResponse:
    found = queries.disposal(disposal_id, request.actor, permissions.SETTLE)
    form = forms.MoneyForm(request.POST, on=request.on)
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("disposal:detail", disposal_id)
    return render(request, "disposal/detail.html", context_of(found, request, **{name: form}), status=422)


@page(permissions.SETTLE, methods=("POST",))
def receive(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Record money that came in."""

    def do(data: Mapping[str, Any]) -> None:
        services.receive(
            disposal_id, data["amount"], data["document_no"], data["moved_on"], data["note"],
            actor=request.actor, on=request.on,
        )  # fmt: skip

    return _money(request, disposal_id, "receive", do, _("收款已登记"))


@page(permissions.SETTLE, methods=("POST",))
def pay(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Record costs or taxes."""

    def do(data: Mapping[str, Any]) -> None:
        services.pay(
            disposal_id, data["kind"], data["amount"], data["document_no"], data["moved_on"], data["note"],
            actor=request.actor, on=request.on,
        )  # fmt: skip

    return _money(request, disposal_id, "pay", do, _("费用已登记"))


@page(permissions.SETTLE, methods=("POST",))
def close(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Close the account: what is left is due to the treasury."""
    return act(
        request,
        disposal_id,
        lambda: services.close_account(disposal_id, actor=request.actor, on=request.on),
        _("收支已结清"),
    )


@page(permissions.SETTLE, methods=("POST",))
def remit(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Record what was paid over to the treasury."""

    def do(data: Mapping[str, Any]) -> None:
        services.remit(
            disposal_id, data["amount"], data["document_no"], data["moved_on"], data["note"],
            actor=request.actor, on=request.on,
        )  # fmt: skip

    return _money(request, disposal_id, "remit", do, _("上缴已登记"))
