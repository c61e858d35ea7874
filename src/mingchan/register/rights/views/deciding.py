"""Steps of a batch (办理): each a form that is sent, each by the person whose step it is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page
from mingchan.register.rights import services
from mingchan.register.rights.forms import ActForm
from mingchan.register.rights.queries import batches


def _take(request: HttpRequest, batch_id: int, step: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """Take a step with what was sent, and go back to the batch; a refusal stands above it."""
    batches.batch(batch_id, request.actor)
    form = ActForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("请从批次页面办理，并看过批次现在的内容"))
    try:
        done = step(form.cleaned_data)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("rights:batch", batch_id)


@page("right.propose", methods=("POST",))
def submit(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Hand a draft in."""

    def step(given: dict[str, Any]) -> str:
        services.propose(batch_id, given["version"], actor=request.actor, on=request.on)
        return _("已提出，等待审核")

    return _take(request, batch_id, step)


@page("right.propose", methods=("POST",))
def drop(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take cards that no longer count out of a batch."""

    def step(given: dict[str, Any]) -> str:
        count = services.drop_changed(batch_id, given["version"], actor=request.actor, on=request.on)
        return _("已移出 %(count)s 张不再在册的卡片") % {"count": count}

    return _take(request, batch_id, step)


@page("right.propose", methods=("POST",))
def withdraw(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take one's own batch back."""

    def step(given: dict[str, Any]) -> str:
        services.withdraw(batch_id, given["version"], given["reason"], actor=request.actor, on=request.on)
        return _("已撤回")

    return _take(request, batch_id, step)


@page("right.check", methods=("POST",))
def check(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Pass a batch on to be approved."""

    def step(given: dict[str, Any]) -> str:
        services.check(batch_id, given["version"], given["digest"], given["reason"], actor=request.actor, on=request.on)
        return _("审核通过，等待批准")

    return _take(request, batch_id, step)


@page("right.approve", methods=("POST",))
def approve(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Approve a batch: rights change and certificates are issued."""

    def step(given: dict[str, Any]) -> str:
        confirmation, issued = services.approve(
            batch_id, given["version"], given["digest"], given["reason"], actor=request.actor, on=request.on
        )
        return _("已批准：%(count)s 项资产完成确权，颁发证书 %(issued)s 份") % {
            "count": confirmation.count,
            "issued": len(issued),
        }

    return _take(request, batch_id, step)


@page("asset.view", methods=("POST",))
def give_back(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Return a batch to its maker with a reason."""

    def step(given: dict[str, Any]) -> str:
        services.give_back(batch_id, given["version"], given["reason"], actor=request.actor, on=request.on)
        return _("已退回提出人")

    return _take(request, batch_id, step)
