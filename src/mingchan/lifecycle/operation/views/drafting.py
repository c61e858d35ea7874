"""Drafting, changing, renewing contracts and bringing them into their procedure (拟定合同)."""

import re
from datetime import date
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui import acting, bulk
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.operation import permissions, queries, schedule, services
from mingchan.lifecycle.operation.choices import EditionStatus, Part, Status
from mingchan.lifecycle.operation.forms import (
    AmendForm,
    DraftForm,
    EditForm,
    ReasonForm,
    RenewForm,
    ReviseForm,
    VersionForm,
    initial_of,
)
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.operation.queries import showing
from mingchan.lifecycle.operation.views import showing as words
from mingchan.register.assets import queries as register
from mingchan.register.assets.models import Asset

SHOWN = 20
MOST = 5000


def picked(request: HttpRequest) -> list[int]:
    """The cards that the address or the form names: by number, else by a filter of the register."""
    params = request.POST if request.method == "POST" else request.GET
    ids = bulk.chosen(params)
    if ids or request.method == "POST":
        return ids[:MOST]
    divisions = ",".join(filter(None, params.getlist("division")))
    asked, _bad = register.from_params({**params.dict(), "division": divisions})
    if asked.is_empty():
        return []
    chunks = register.every_row(asked.but(as_of=None, status=""), request.actor)  # type: ignore[attr-defined]
    return list(islice((row.id for chunk in chunks for row in chunk), MOST))


def _context(request: HttpRequest, form: Any, **more: Any) -> dict[str, Any]:
    return {
        "parts": [(name, Part(name).label, [form[field] for field in fields]) for name, fields in form.PARTS],
        "measures": {mode.code: mode.measures for mode in queries.modes().values()},
        "years": policy.figure("contract.years"),
        **more,
    }


@page(permissions.DRAFT, methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Draft a contract over chosen assets (拟定合同)."""
    actor, on = request.actor, request.on
    ids = picked(request)
    chosen = Asset.objects.filter(pk__in=ids, county=actor.county).select_related("site", "operator").order_by("code")
    cards = list(chosen[:SHOWN])
    office = Account.objects.select_related("office").filter(pk=actor.account_id or 0).first()
    first = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    initial: dict[str, Any] = {
        "lessor": office.office.name if office is not None else "",
        "starts_on": first,
        "last_day": schedule.years_after(first, min(3, policy.figure("contract.years"))),
    }
    if cards:
        sites = {card.site.name for card in cards if card.site is not None}
        initial["title"] = sites.pop() if len(sites) == 1 else cards[0].name
        operators = {card.operator.name for card in cards if card.operator is not None}
        if len(operators) == 1:
            initial["operator"] = operators.pop()
    form = DraftForm(request.POST or None, actor=actor, initial=initial)

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        made = services.draft(
            data["operator"], form.terms(), title=data["title"], lessor=data["lessor"], asset_ids=ids, actor=actor,
            on=on,
        )  # fmt: skip
        return _("已拟定合同 %(number)s") % {"number": made.number}, reverse("operation:contract", args=[made.pk])

    context = _context(
        request,
        form,
        heading=_("拟定经营合同"),
        ids=ids,
        cards=cards,
        card_count=len(ids),
        names=words.party_names(actor),
        sides=[form["title"], form["operator"], form["lessor"]],
        back=reverse("operation:list"),
        submit=_("保存草稿"),
    )
    return acting.posted(request, form, carry_out, "operation/form.html", context)


@page(permissions.DRAFT, methods=("GET", "POST"))
def edit(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Change the drafted terms; while the procedure runs, by a revision with its reason."""
    actor, on = request.actor, request.on
    found = showing.contract(contract_id, actor)
    edition = showing.open_edition(showing.editions(found))
    if edition is None:
        raise Refusal(_("合同没有正在拟定的版本"), clauses=("2.4.2a",))
    revising = edition.status == EditionStatus.PROCEDURE
    initial = {**initial_of(services.terms_of(edition)), "version": found.version}
    kind = ReviseForm if revising else EditForm
    form = kind(request.POST or None, actor=actor, initial=initial)

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        if revising:
            services.revise(found.pk, form.terms(), reason=data["reason"], version=data["version"], actor=actor, on=on)
            message = _("已修改，事项重新办理")
        else:
            services.edit(found.pk, form.terms(), data["version"], actor=actor, on=on)
            message = _("已保存")
        return message, reverse("operation:contract", args=[found.pk])

    context = _context(
        request,
        form,
        heading=_("修改合同 %(number)s") % {"number": found.number},
        hidden=[form["version"]],
        sides=[form["reason"]] if revising else [],
        back=reverse("operation:contract", args=[found.pk]),
        submit=_("修改并重新办理") if revising else _("保存"),
        contract=found,
    )
    return acting.posted(request, form, carry_out, "operation/form.html", context)


@page(permissions.DRAFT, methods=("GET", "POST"))
def amend(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Draft other terms for a contract in force (合同变更)."""
    actor, on = request.actor, request.on
    found = showing.contract(contract_id, actor)
    edition = showing.present_edition(found, showing.editions(found))
    days = services.amendable_from(edition, on=on) if found.starts_on is not None else []
    form = AmendForm(request.POST or None, actor=actor, initial=initial_of(services.terms_of(edition)), days=days)

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        services.amend(
            found.pk, form.terms(), reason=data["reason"], effective_on=data["effective_on"], actor=actor, on=on
        )
        return _("已拟定变更，核对后提交审批"), reverse("operation:contract", args=[found.pk])

    context = _context(
        request,
        form,
        heading=_("变更合同 %(number)s") % {"number": found.number},
        sides=[form["reason"], form["effective_on"]],
        back=reverse("operation:contract", args=[found.pk]),
        submit=_("保存变更草稿"),
        contract=found,
    )
    return acting.posted(request, form, carry_out, "operation/form.html", context)


@page(permissions.DRAFT, methods=("GET", "POST"))
def assets(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The assets of a drafted contract: add by their numbers, take off."""
    actor, on = request.actor, request.on
    found = showing.contract(contract_id, actor)
    error, typed, status = "", "", 200
    if request.method == "POST":
        remove = [int(key) for key in request.POST.getlist("remove") if key.isascii() and key.isdecimal()]
        typed = request.POST.get("codes", "")
        codes = [code for code in re.split(r"[\s,，、；;]+", typed) if code]
        rows = dict(Asset.objects.filter(county=actor.county, code__in=codes).values_list("code", "pk"))
        unknown = [code for code in codes if code not in rows]
        try:
            if unknown:
                raise Refusal(_("没有编号为 %(codes)s 的资产") % {"codes": "、".join(unknown[:5])}, clauses=("2.4.2a",))
            services.choose(found.pk, add=list(rows.values()), remove=remove, actor=actor, on=on)
        except Refusal as refusal:
            if refusal.status in (403, 404) and not unknown:
                raise
            error, status = str(refusal), refusal.status
        else:
            return redirect("operation:assets", found.pk)
    context = {
        "contract": found,
        "rows": list(showing.covered(found)),
        "may_choose": found.status == Status.DRAFT and actor.may(permissions.DRAFT, found.division_code),
        "error": error,
        "typed": typed,
    }
    return render(request, "operation/assets.html", context, status=status)


@page(permissions.DRAFT, methods=("POST",))
def submit(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Bring the contract into its procedure."""
    found = showing.contract(contract_id, request.actor)
    form = VersionForm(request.POST)

    def carry_out() -> str:
        services.submit(found.pk, form.cleaned_data["version"], actor=request.actor, on=request.on)
        return _("已提交审批")

    return acting.done(request, carry_out, _page(found), form)


@page(permissions.DRAFT, methods=("POST",))
def drop(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Give up a draft."""
    found = showing.contract(contract_id, request.actor)
    form = ReasonForm(request.POST)

    def carry_out() -> str:
        services.drop(found.pk, reason=form.cleaned_data["reason"], actor=request.actor, on=request.on)
        return _("已作废")

    return acting.done(request, carry_out, _page(found), form)


@page(permissions.DRAFT, methods=("GET", "POST"))
def renew(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Draft the contract that follows."""
    found = showing.contract(contract_id, request.actor)
    form = RenewForm(request.POST or None)

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        made = services.renew(found.pk, data["last_day"], actor=request.actor, on=request.on)
        return _("已拟定续签合同 %(number)s") % {"number": made.number}, _page(made)

    context = {
        "heading": _("续签合同 %(number)s") % {"number": found.number},
        "note": _("续签沿用原经营者、资产和条款，自原合同届满次日起算，须重新办理审批、公示和签订。"),
        "back": _page(found),
        "submit": _("拟定续签合同"),
        "contract": found,
    }
    return acting.posted(request, form, carry_out, "operation/simple.html", context)


def _page(found: Contract) -> str:
    return reverse("operation:contract", args=[found.pk])
