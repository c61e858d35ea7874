"""Linking payments and assets (关联): by hand, by proposals in bulk, and taking links back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.filters import money
from mingchan.kernel.ui.page import page
from mingchan.register.assets.models import Asset
from mingchan.register.funding import queries as funding
from mingchan.register.funding.models import FundUse
from mingchan.register.funding.queries import FundFilter
from mingchan.register.tracing import queries, rules, services
from mingchan.register.tracing.choices import EXACT
from mingchan.register.tracing.forms import AcceptForm, LinkForm, TakeBackForm
from mingchan.register.tracing.queries import CardFilter
from mingchan.register.tracing.views import showing

SHOWN = 200
NAMED = 3


def _typed_by(request: HttpRequest) -> Ref:
    account = getattr(request, "account", None)
    return Ref("account", account.pk if account is not None else 0)


@page("tracing.link", methods=("GET", "POST"))
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick the assets a payment paid for; amounts left blank are split by what is open (2.1.1, 3.1)."""
    actor = request.actor
    use = funding.fund_use(pk, actor)
    asked = CardFilter.read(request.GET)
    narrow = asked if "system" in request.GET else asked.of_line(use.line, use.funding)
    form = LinkForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                done = services.link_spread(
                    pk, data["assets"], data["fixed"], reason=data["reason"], source=_typed_by(request), actor=actor,
                    on=request.on,
                )  # fmt: skip
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                words = {"count": done.shares, "amount": money(done.amount_fen)}
                messages.success(request, _("已关联 %(count)s 项资产，共 %(amount)s") % words)
                return redirect("funding:use", pk)
    rows, more = queries.candidates(use, narrow, actor)
    context = {
        "use": use,
        "form": form,
        "rows": rows,
        "more": more,
        "open_fen": queries.open_of_use(use),
        "narrow": narrow,
        "picked": set(request.POST.getlist("selected")),
        "typed": request.POST,
        "sources": showing.source_names(),
        "systems": showing.systems(),
        "tiers": showing.tiers(),
    }
    return render(request, "tracing/link.html", context, status=status)


@page("tracing.link", methods=("POST",))
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one link back, with the reason (2.1.1)."""
    use_id = queries.share(pk, request.actor).use_id
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            services.unlink([pk], form.cleaned_data["reason"], actor=request.actor, on=request.on)
        except (NotAllowed, NotFound):
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已解除关联"))
    else:
        messages.error(request, _("请填写解除关联的理由"))
    return redirect("funding:use", use_id)


@page("tracing.link", methods=("GET", "POST"))
def proposals(request: HttpRequest) -> HttpResponse:
    """What the open payments seem to have paid for, with reason and confidence; accepted in bulk (2.1.1, 3.1)."""
    actor = request.actor
    line = FundFilter.read(request.GET).line
    form = AcceptForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = services.accept(
                    form.cleaned_data["chosen"], line=line, source=_typed_by(request), actor=actor, on=request.on
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                words = {"count": done.shares, "amount": money(done.amount_fen)}
                messages.success(request, _("已采纳，共 %(count)s 笔关联，%(amount)s") % words)
                return redirect(f"{reverse('tracing:proposals')}{f'?line={line}' if line is not None else ''}")
    found = queries.proposals(actor, line)
    context = {
        "form": form,
        "rows": _shown(found[:SHOWN]),
        "count": len(found),
        "shown": SHOWN,
        "exact": EXACT,
        "lines": funding.lines(actor),
        "line": line,
        "sources": showing.source_names(),
    }
    return render(request, "tracing/proposals.html", context, status=status)


def _shown(found: list[Any]) -> list[dict[str, Any]]:
    """Proposals with their payments and the first assets by name; two statements."""
    uses = {use.pk: use for use in FundUse.objects.filter(pk__in=[one.use_id for one in found]).select_related("line")}
    wanted = {part.asset_id for one in found for part in one.parts[:NAMED]}
    names = {
        key: (code, name) for key, code, name in Asset.objects.filter(pk__in=wanted).values_list("id", "code", "name")
    }
    ways = showing.ways()
    return [
        {
            "use": uses[one.use_id],
            "mark": f"{one.use_id}:{rules.digest(one)}",
            "amount_fen": one.amount_fen,
            "parts": len(one.parts),
            "first": [(part.asset_id, *names[part.asset_id], part.amount_fen) for part in one.parts[:NAMED]],
            "reason": ways[one.way],
            "confidence": one.confidence,
            "tone": "good" if one.confidence >= EXACT else "warn",
        }
        for one in found
    ]
