"""Changes of operator and mode outside a contract (经营变更, 2.4.2b)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.ui import acting
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.operation import permissions, queries, services
from mingchan.lifecycle.operation.choices import ChangeKind, ChangeStatus
from mingchan.lifecycle.operation.forms import ChangeForm
from mingchan.lifecycle.operation.queries import showing
from mingchan.lifecycle.operation.views import showing as words
from mingchan.lifecycle.operation.views.drafting import SHOWN, picked
from mingchan.register.assets.models import Asset


@page(permissions.VIEW)
def changes(request: HttpRequest) -> HttpResponse:
    """Changes of operator and mode, the newest first."""
    state = request.GET.get("state", "")
    state = state if state in ChangeStatus.values else ""
    rows, following = showing.changes(request.actor, state=state, after=request.GET.get("after", ""))
    context = {
        "tabs": words.tabs("changes", request.actor),
        "rows": [
            {
                "change": row,
                "what": row.operator.name if row.operator is not None else queries.mode_label(row.mode),
                "count": showing.changed(row).count(),
                "tone": words.CHANGES[ChangeStatus(row.status)],
            }
            for row in rows
        ],
        "following": following,
        "states": ChangeStatus.choices,
        "chosen": bool(state),
        "may_draft": bool(request.actor.scopes(permissions.DRAFT)),
    }
    return render(request, "operation/changes.html", context)


@page(permissions.VIEW)
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """One change: what, why, its case, its assets."""
    found = showing.change(change_id, request.actor)
    ids = services.assets_of(found)
    context = {
        "change": found,
        "what": found.operator.name if found.operator is not None else queries.mode_label(found.mode),
        "tone": words.CHANGES[ChangeStatus(found.status)],
        "rows": list(showing.changed(found)[: showing.ASSETS_SHOWN]),
        "count": showing.changed(found).count(),
        "running": services.under_contract(ids, but_of=found.operator_id),
        "may_carry": found.status == ChangeStatus.APPROVED and request.actor.may(permissions.SIGN, found.division_code),
    }
    return render(request, "operation/change.html", context)


@page(permissions.DRAFT, methods=("GET", "POST"))
def propose(request: HttpRequest) -> HttpResponse:
    """Propose another operator or a mode for chosen assets."""
    actor, on = request.actor, request.on
    ids = picked(request)
    chosen = Asset.objects.filter(pk__in=ids, county=actor.county).select_related("site", "operator").order_by("code")
    form = ChangeForm(request.POST or None, actor=actor, initial={"kind": ChangeKind.OPERATOR})

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        made = services.propose(
            data["kind"], ids, operator=data["operator"], mode=data["mode"], reason=data["reason"], actor=actor, on=on
        )
        return _("已提交审批"), reverse("operation:change", args=[made.pk])

    context = {
        "ids": ids,
        "cards": list(chosen[:SHOWN]),
        "card_count": len(ids),
        "names": words.party_names(actor),
    }
    return acting.posted(request, form, carry_out, "operation/propose.html", context)


@page(permissions.SIGN, methods=("POST",))
def carry_out(request: HttpRequest, change_id: int) -> HttpResponse:
    """Carry out a change that was agreed to."""
    found = showing.change(change_id, request.actor)

    def act() -> str:
        services.carry_out(found.pk, actor=request.actor, on=request.on)
        return _("变更已执行")

    return acting.done(request, act, reverse("operation:change", args=[found.pk]))
