"""Signing, beginning and ending contracts, and checking off what was given back (签订、履行、终止)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui import acting
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.operation import permissions, services
from mingchan.lifecycle.operation.choices import DueKind
from mingchan.lifecycle.operation.drafts import ReturnDraft
from mingchan.lifecycle.operation.forms import EndForm, SignForm
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.operation.queries import showing
from mingchan.lifecycle.operation.views import showing as words


def _page(found: Contract) -> str:
    return reverse("operation:contract", args=[found.pk])


@page(permissions.SIGN, methods=("GET", "POST"))
def sign(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Keep the copy that both sides signed; the case goes on to be filed."""
    found = showing.contract(contract_id, request.actor)
    form = SignForm(request.POST or None, request.FILES or None, initial={"version": found.version})

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        services.sign(found.pk, data["paper"], version=data["version"], actor=request.actor, on=request.on)
        return _("已登记签订，签署文本已留存，待财政部门备案后生效"), _page(found)

    context = {
        "heading": _("签订合同 %(number)s") % {"number": found.number},
        "note": _("请上传双方签字盖章的合同扫描件。文件按内容摘要留存，不能再更换。"),
        "back": _page(found),
        "submit": _("登记签订"),
        "contract": found,
    }
    return acting.posted(request, form, carry_out, "operation/simple.html", context)


@page(permissions.SIGN, methods=("POST",))
def begin(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Begin a signed contract by hand."""
    found = showing.contract(contract_id, request.actor)

    def carry_out() -> str:
        services.begin(found.pk, actor=request.actor, on=request.on)
        return _("合同开始履行，经营权已交付经营者")

    return acting.done(request, carry_out, _page(found))


def _returns(request: HttpRequest) -> list[ReturnDraft]:
    """The assets that are ticked as given back, each with its state."""
    found = []
    for key in request.POST.getlist("returned"):
        if key.isascii() and key.isdecimal() and len(key) < 19:
            condition = request.POST.get(f"condition-{key}", "")
            found.append(ReturnDraft(int(key), condition, request.POST.get(f"note-{key}", "")))
    return found


@page(permissions.SIGN, methods=("GET", "POST"))
def end(request: HttpRequest, contract_id: int) -> HttpResponse:
    """End a contract early: reason, deposit, what is still owed, assets given back."""
    found = showing.contract(contract_id, request.actor)
    deposit = sum(row.fen for row in showing.charges(found) if row.kind == DueKind.DEPOSIT and row.dropped_on is None)
    initial = {"version": found.version, "deposit_back": deposit}
    form = EndForm(request.POST or None, request.FILES or None, initial=initial)

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        services.end(
            found.pk,
            reason=data["reason"],
            deposit_back_fen=data["deposit_back"] or 0,
            deposit_kept_fen=data["deposit_kept"] or 0,
            owed_fen=data["owed"] or 0,
            note=data["note"],
            returns=_returns(request),
            paper=data["paper"],
            version=data["version"],
            actor=request.actor,
            on=request.on,
        )
        return _("合同已终止"), _page(found)

    context = {
        "contract": found,
        "deposit": deposit,
        "rows": [row for row in showing.covered(found) if row.returned_on is None],
        "conditions": words.condition_choices(),
        "back": _page(found),
        "ending": True,
    }
    return acting.posted(request, form, carry_out, "operation/end.html", context)


@page(permissions.SIGN, methods=("GET", "POST"))
def returns(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Check off assets given back after the end."""
    found = showing.contract(contract_id, request.actor)
    form = SignForm(request.POST or None, initial={"version": found.version})
    del form.fields["paper"]

    def carry_out(_data: dict[str, Any]) -> tuple[str, str]:
        count = services.give_back(found.pk, _returns(request), actor=request.actor, on=request.on)
        return _("已登记归还 %(count)s 项资产") % {"count": count}, _page(found)

    rows = [row for row in showing.covered(found) if row.returned_on is None]
    if not rows and request.method == "GET":
        raise Refusal(_("资产已全部归还"), clauses=("2.4.2a",))
    context = {
        "contract": found,
        "rows": rows,
        "conditions": words.condition_choices(),
        "back": _page(found),
        "ending": False,
    }
    return acting.posted(request, form, carry_out, "operation/end.html", context)
