"""Acting on custody: assign keepers in bulk, renew and end terms, note departures."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.custody import permissions, queries, rules, services
from mingchan.lifecycle.custody.choices import MOST
from mingchan.lifecycle.custody.forms import AssignForm, EndForm, LeaveForm, OneSidedForm, ReturnForm, TermForm
from mingchan.lifecycle.custody.views.pages import keeper_page
from mingchan.register.assets import queries as assets

SHOWN = 20


def _picked(request: HttpRequest) -> tuple[list[int], assets.RegisterFilter | None]:
    """The cards that the address or the form names: by number, else by a filter of the register."""
    params = request.POST if request.method == "POST" else request.GET
    ids = bulk.chosen(params)
    if ids:
        return ids[:MOST], None
    divisions = ",".join(filter(None, params.getlist("division")))
    asked, _bad = assets.from_params({**params.dict(), "division": divisions})
    return [], asked.but(as_of=None, status="") if not asked.is_empty() else None


@page(permissions.ASSIGN, methods=("GET", "POST"))
def assign(request: HttpRequest) -> HttpResponse:
    """Give the picked cards, or all that a filter finds, a keeper (落实管护人)."""
    actor, on = request.actor, request.on
    ids, asked = _picked(request)
    cards = queries.chosen(actor, ids, asked)
    found = queries.stamp(cards)
    first = list(cards.select_related("site", "keeper").order_by("code")[:SHOWN])
    tiers = {card.tier for card in first}
    term = max((policy.custody_duties()[tier].term_months for tier in tiers), default=36)
    initial = {"stamp": found.stamp, "due_on": rules.term_end(on, term)}
    form = AssignForm(
        request.POST if request.method == "POST" else None, request.FILES or None, actor=actor, initial=initial
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = _assign(request, form.cleaned_data, cards, found)
            except Refusal as refusal:
                if refusal.status != Refusal.status:
                    raise
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
                form.data = form.data.copy()
                form.data["stamp"] = found.stamp
            else:
                messages.success(request, _("已为 %(count)s 张卡片落实管护人") % {"count": done})
                return redirect("custody:keeper", form.cleaned_data["person"])
    context = {
        "form": form,
        "found": found,
        "cards": first,
        "ids": ids,
        "pairs": asked.pairs() if asked is not None else [],
        "blocking": queries.in_the_way(actor.county, list(cards.values_list("pk", flat=True)[:MOST])),
        "people": queries.suggestions(actor, people=True),
        "bodies": queries.suggestions(actor, people=False),
    }
    return render(request, "custody/assign.html", context, status=status)


def _assign(request: HttpRequest, data: dict[str, Any], cards: Any, found: queries.Chosen) -> int:
    """Assign what was shown and nothing else; how many cards."""
    if data["stamp"] != found.stamp:
        raise Refusal(_("所选资产刚有变动，请核对下面的清单后再提交"), clauses=("2.6.1b",))
    if not found.count:
        raise Refusal(_("没有选择资产"), clauses=("2.6.1b",))
    if found.count > MOST:
        raise Refusal(_("一次最多办理 %(count)s 张卡片，请先筛选") % {"count": MOST}, clauses=("2.6.1b",))
    document = ""
    if data["paper"] is not None:
        kept = evidence.attach(
            data["paper"].content,
            name=data["paper"].name,
            owner=Ref("party", data["person"]),
            division=request.actor.county.ljust(12, "0")
            if request.actor.may("paper.attach", request.actor.county)
            else request.actor.scopes("paper.attach")[0].ljust(12, "0"),
            kind=AttachmentKind.APPROVAL,
            actor=request.actor,
            on=request.on,
        )
        document = str(Ref("attachment", kept.pk))
    return services.assign(
        list(cards.values_list("pk", flat=True)),
        data["person"],
        data["organisation"],
        data["due_on"],
        basis=data["basis"],
        document=document,
        actor=request.actor,
        on=request.on,
    ).count


def _act(
    request: HttpRequest,
    party_id: int,
    form: django_forms.Form,
    name: str,
    carry_out: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Carry out a form of the keeper's page: done, back to it; refused, the page again with the reason."""
    queries.person(request.actor, party_id)
    status = 422
    if form.is_valid():
        try:
            message = carry_out(form.cleaned_data)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, message)
            return redirect("custody:keeper", party_id)
    return keeper_page(request, party_id, status=status, **{name: form})


def _kept(request: HttpRequest, party_id: int) -> list[int]:
    """The picked cards among those the person keeps; without a pick, all of them."""
    ids = bulk.chosen(request.POST)
    cards = queries.chosen(request.actor, ids, assets.RegisterFilter(keeper=party_id)).filter(keeper=party_id)
    return list(cards.values_list("pk", flat=True)[: MOST + 1])


@page(permissions.ASSIGN, methods=("POST",))
def renew(request: HttpRequest, party_id: int) -> HttpResponse:
    """Another term for the picked cards, or for all the person keeps."""

    def carry_out(data: dict[str, Any]) -> str:
        kept = _kept(request, party_id)
        if not kept:
            raise Refusal(_("没有可续定任期的资产"), clauses=("2.6.1b",))
        count = services.renew(kept, data["due_on"], basis=data["basis"], actor=request.actor, on=request.on)
        return _("已为 %(count)s 张卡片续定任期") % {"count": count}

    return _act(request, party_id, TermForm(request.POST), "term_form", carry_out)


@page(permissions.ASSIGN, methods=("POST",))
def end(request: HttpRequest, party_id: int) -> HttpResponse:
    """End custody of the picked cards."""

    def carry_out(data: dict[str, Any]) -> str:
        if not request.POST.getlist("selected"):
            raise Refusal(_("请先勾选要终止管护责任的资产"), clauses=("2.6.1b",))
        done = services.end(_kept(request, party_id), basis=data["basis"], actor=request.actor, on=request.on)
        return _("已终止 %(count)s 张卡片的管护责任，请尽快落实接任人") % {"count": done.count}

    return _act(request, party_id, EndForm(request.POST), "end_form", carry_out)


@page(permissions.ASSIGN, methods=("POST",))
def leave(request: HttpRequest, party_id: int) -> HttpResponse:
    """Note that the keeper leaves or changes post."""

    def carry_out(data: dict[str, Any]) -> str:
        services.leave(
            party_id,
            data["left_on"],
            data["cause"],
            reason=data["reason"],
            successor=data["successor"],
            actor=request.actor,
            on=request.on,
        )
        return _("已登记离任；所保管的资产须按移交清单交接")

    return _act(request, party_id, LeaveForm(request.POST, actor=request.actor), "leave_form", carry_out)


def _own(party_id: int, departure_id: int, request: HttpRequest) -> int:
    """The open departure of this person, not of another."""
    found = queries.open_departure(request.actor.county, party_id)
    if found is None or found.pk != departure_id:
        raise NotFound(_("没有这条离任登记。"))
    return found.pk


@page(permissions.ASSIGN, methods=("POST",))
def come_back(request: HttpRequest, party_id: int) -> HttpResponse:
    """Note that the leaver has the post again."""

    def carry_out(data: dict[str, Any]) -> str:
        departure = _own(party_id, data["departure"], request)
        services.come_back(departure, reason=data["reason"], actor=request.actor, on=request.on)
        return _("已登记复任")

    return _act(request, party_id, ReturnForm(request.POST), "return_form", carry_out)


@page(permissions.ASSIGN, methods=("POST",))
def one_sided(request: HttpRequest, party_id: int) -> HttpResponse:
    """Note the approval of a handover by one side alone."""

    def carry_out(data: dict[str, Any]) -> str:
        departure = _own(party_id, data["departure"], request)
        services.allow_one_sided(departure, data["approval"], paper=data["paper"], actor=request.actor, on=request.on)
        return _("已登记单方交接的批准")

    return _act(request, party_id, OneSidedForm(request.POST, request.FILES), "one_sided_form", carry_out)
