"""Signing and printing (签署、打印): what one signs is shown before; the second signature carries the list out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.ui.page import page
from mingchan.register.handover import forms, permissions, queries, rules, services
from mingchan.register.handover.choices import HandoverKind, Side, State
from mingchan.register.handover.models import Handover
from mingchan.register.handover.views import showing


@page("handover.sign", methods=("GET", "POST"))
def sign(request: HttpRequest, handover_id: int) -> HttpResponse:
    """What would pass and what the books would be told; and the password to sign it with."""
    handover = queries.handover(handover_id, request.actor, permissions.SIGN)
    form = forms.SignForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                done = services.sign(
                    handover_id, data["side"], data["password"], data["seen"], actor=request.actor, on=request.on
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                text = _("双方已签署，清单办结，资产已移交") if done.is_executed else _("已签署，等待对方签署")
                messages.success(request, text)
                return redirect("handover:detail", handover_id)
        handover = queries.handover(handover_id, request.actor, permissions.SIGN)
    progress = queries.progress(handover)
    context: dict[str, Any] = {
        "handover": handover,
        "form": form,
        "progress": progress,
        "faults": rules.before_signing(progress) if rules.may("sign", handover.state) else [],
        "open": rules.may("sign", handover.state),
        "changed": queries.changed(handover) if progress.changed else [],
        "sums": queries.sums(handover),
        "rights": showing.rights_text(handover),
        "entries": showing.entries(handover),
        "digest": queries.content_digest(handover),
        "signers": [showing.signer(handover, side, request) for side in Side],
        "signatures": {one.side: one for one in queries.signatures(handover) if one.voided_on is None},
        "state_label": State(handover.state).label,
    }
    return render(request, "handover/sign.html", context, status=status)


@page("handover.sign", methods=("POST",))
def retract(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Take back one's own side's signature."""
    try:
        services.retract(handover_id, request.POST.get("reason", ""), actor=request.actor, on=request.on)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已收回签署，清单可以改动"))
    return redirect("handover:detail", handover_id)


@page("handover.view")
def paper(request: HttpRequest, handover_id: int) -> HttpResponse:
    """The list on paper: with lines to sign on before, with signatures, digest and code afterwards."""
    handover = queries.handover(handover_id, request.actor)
    with translation.override("zh-hans"):
        content = papers.render(policy.form("handover"), _data(handover, request), on=request.on)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="handover-{handover.year}-{handover.serial:04d}.pdf"'
    return answer


def _data(handover: Handover, request: HttpRequest) -> dict[str, Any]:
    """What the form of the policy pack is filled with."""
    rows = [
        {
            "code": item.code,
            "name": item.name,
            "model": item.model,
            "unit": item.unit,
            "quantity_milli": item.quantity_milli,
            "cost_fen": item.cost_fen,
            "place": item.place,
            "found": showing.found_text(item) if item.result else "",
            "condition": item.found_condition or item.condition,
            "note": "；".join(filter(None, (item.remark, item.resolution_note))),
        }
        for item in queries.every_item(handover)
    ]
    custody = handover.kind == HandoverKind.CUSTODY
    labels = (_("原管护责任人"), _("新管护责任人")) if custody else (_("移交方"), _("接收方"))
    digest = handover.digest or queries.content_digest(handover)
    url = request.build_absolute_uri(reverse("handover:status", args=[handover.pk, digest[:16]]))
    titles = {HandoverKind.OWNERSHIP: _("资产移交清单"), HandoverKind.USE: _("资产使用移交清单")}
    mark = {State.CANCELLED: _("作废")}.get(State(handover.state), _("示例") if handover.is_sample else "")
    return {
        "county": policy.county_name(),
        "title": titles.get(HandoverKind(handover.kind), _("管护交接清单")),
        "number": handover.number,
        "from_label": labels[0],
        "to_label": labels[1],
        "from_party": handover.from_party.name,
        "to_party": handover.to_party.name,
        "supervisor": handover.witness.name if handover.witness is not None else "",
        "reason": handover.reason,
        "basis": handover.basis,
        "handed_on": handover.executed_on,
        "assets": rows,
        "total_fen": sum(row["cost_fen"] for row in rows),
        "signers": _signers(handover, labels),
        "digest": digest,
        "qr": papers.qr(url),
        "check_url": url,
        "mark": mark,
    }


def _signers(handover: Handover, labels: tuple[str, str]) -> list[dict[str, Any]]:
    """Each side's block: who signed when, or a line to sign on; and who supervises."""
    standing = {one.side: one for one in queries.signatures(handover) if one.voided_on is None}
    found: list[dict[str, Any]] = []
    for side, label, party, office in (
        (Side.FROM, labels[0], handover.from_party, handover.from_office),
        (Side.TO, labels[1], handover.to_party, handover.to_office),
    ):
        signature = standing.get(side)
        name = party.name if party == office else f"{party.name}（{office.name}）"
        block: dict[str, Any] = {"role": label, "party": name}
        if signature is not None:
            block |= {"name": signature.name, "on": signature.signed_on}
        found.append(block)
    found.append({"role": _("监交方"), "party": handover.witness.name if handover.witness is not None else ""})
    return found
