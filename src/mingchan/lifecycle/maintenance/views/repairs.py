"""Repairs (维修单): the list, one repair with what is next, reporting a fault, the printed order."""

import io
import re
from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import links, papers
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.maintenance import forms, permissions, queries, rules, services
from mingchan.lifecycle.maintenance.choices import (
    IN_USE,
    Act,
    Nature,
    OrderState,
    Payment,
    Severity,
    Treatment,
)
from mingchan.lifecycle.maintenance.models import Order
from mingchan.lifecycle.maintenance.queries.orders import COUNT_CAP, OrderFilter
from mingchan.lifecycle.maintenance.views.words import ORDER_TONES, SEVERITY_TONES
from mingchan.register.assets.models import Asset

_ORIGIN = re.compile(r"(?:complaint|inspection_round):[0-9]{1,18}")


@page("maintenance.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Repairs, newest first, and how many stand where (2.6.1b)."""
    wanted = OrderFilter.read(request.GET.dict())
    rows, following = queries.orders.orders(wanted, request.actor, request.on, after=request.GET.get("after", ""))
    count = queries.orders.orders_count(wanted, request.actor, request.on)
    context = {
        "rows": rows,
        "following": following,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "counts": queries.orders.order_counts(request.actor, request.on),
        "rounds": queries.rounds.round_counts(request.actor, request.on),
        "states": [
            ("open", _("未办结")), ("late", _("逾期未修好")), ("owed", _("未付款")), *OrderState.choices,
        ],
        "state_names": dict(OrderState.choices),
        "severities": dict(Severity.choices),
        "tones": ORDER_TONES,
        "severity_tones": SEVERITY_TONES,
        "treatments": dict(Treatment.choices),
        "on": request.on,
        "may_plan": request.actor.may(permissions.PLAN),
    }  # fmt: skip
    return render(request, "maintenance/orders.html", context)


_ACTS: dict[str, tuple[Act, type[forms.SeenForm]]] = {
    "assign": (Act.ASSIGN, forms.AssignForm),
    "repair": (Act.REPAIR, forms.WorkForm),
    "accept": (Act.ACCEPT, forms.AcceptForm),
    "send-back": (Act.SEND_BACK, forms.BackForm),
    "decline": (Act.DECLINE, forms.BackForm),
    "pay": (Act.PAY, forms.SeenForm),
    "claim": (Act.CLAIM, forms.ClaimForm),
}


def _forms(order: Order, request: HttpRequest) -> dict[str, Any]:
    """Empty forms of the acts that may follow, by act."""
    if not request.actor.may(permissions.ORDER, order.division_code):
        return {}
    may, seen = rules.acts(order.state), {"seen": order.version}
    found: dict[str, Any] = {}
    if Act.ACCEPT in may:
        found["accept"] = forms.AcceptForm(initial={**seen, "condition": IN_USE if order.down_since else ""})
    if Act.SEND_BACK in may:
        found["send-back"] = forms.BackForm(initial=seen)
    if Act.REPAIR in may:
        found["repair"] = forms.WorkForm(initial={**seen, "repaired_on": request.on, "cost_fen": order.estimate_fen})
    if Act.ASSIGN in may:
        held = queries.in_warranty([order.asset_id], request.on).get(order.asset_id)
        given = {"supplier": order.supplier or (held.provider if held else ""), "by_warranty": held is not None}
        found["assign"] = forms.AssignForm(initial={**seen, **given})
    if Act.DECLINE in may:
        found["decline"] = forms.BackForm(initial=seen)
    if order.state == OrderState.ACCEPTED and order.payment == Payment.OWED and order.paid_on is None:
        found["pay"] = forms.SeenForm(initial=seen)
    if order.claim_id is None and (claims := queries.orders.claims_for(order.asset_id, order.county)):
        found["claim"] = forms.ClaimForm(initial=seen, claims=claims)
    return found


def _shown(
    request: HttpRequest, order: Order, *, bound: dict[str, Any] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "order": order,
        "tone": ORDER_TONES[order.state],
        "severity_tone": SEVERITY_TONES[order.severity],
        "steps": queries.orders.steps(order.pk),
        "acts": dict(Act.choices),
        "forms": {**_forms(order, request), **(bound or {})},
        "origin": links.resolve(order.origin) if order.origin else None,
        "voucher": links.resolve(order.voucher) if order.voucher else None,
        "held": queries.in_warranty([order.asset_id], request.on).get(order.asset_id),
        "down": rules.down_days(order.down_since, order.repaired_on or order.closed_on),
        "late": order.state == OrderState.ASSIGNED and order.due_on is not None and order.due_on < request.on,
        "capital_fen": policy.figure("maintenance.capital_fen"),
        "capital_percent": policy.figure("maintenance.capital_percent"),
        "nature": dict(Nature.choices).get(order.nature, "—"),
        "treatment": dict(Treatment.choices).get(order.treatment, "—"),
        "payment": dict(Payment.choices).get(order.payment, "—"),
        "problem": problem,
    }
    return render(request, "maintenance/order.html", context, status=status)


@page("maintenance.view")
def detail(request: HttpRequest, order_id: int) -> HttpResponse:
    """One repair: what is wrong, who does it, what it cost, what is next."""
    return _shown(request, queries.orders.order(order_id, request.actor))


@page("maintenance.inspect", methods=("GET", "POST"))
def report(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Report a fault of an asset."""
    asset = Asset.objects.filter(pk=asset_id, county=request.actor.county).select_related("site").first()
    if asset is None or not permissions.may_report(request.actor, asset):
        raise NotFound(_("没有这张资产卡片"))
    params = request.POST if request.method == "POST" else request.GET
    origin = params.get("origin", "")
    origin = origin if _ORIGIN.fullmatch(origin) else ""
    form = forms.ReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.report(
                    asset.pk, form.draft(origin), condition=form.cleaned_data["condition"], actor=request.actor,
                    on=request.on,
                )  # fmt: skip
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已报修，维修单 %(number)s") % {"number": made.number})
                return redirect("maintenance:order", made.pk)
    context = {
        "asset": asset,
        "form": form,
        "origin": origin,
        "from": links.resolve(origin) if origin else None,
        "held": queries.in_warranty([asset.pk], request.on).get(asset.pk),
        "open": [row for row in queries.of_asset(asset.pk, request.actor) if row.closed_on is None],
    }
    return render(request, "maintenance/report.html", context, status=status)


@page("maintenance.order", methods=("POST",))
def act(request: HttpRequest, order_id: int, act: str) -> HttpResponse:
    """One act from its form: done and told, or shown again with what is wrong."""
    order = queries.orders.order(order_id, request.actor)
    if act not in _ACTS:
        raise NotFound(_("没有这个页面。"))
    kind = _ACTS[act][1]
    more = {"claims": queries.orders.claims_for(order.asset_id, order.county)} if kind is forms.ClaimForm else {}
    form: Any = kind(request.POST, **more)
    if not form.is_valid():
        return _shown(request, order, bound={act: form}, status=422)
    given = form.cleaned_data
    shared: dict[str, Any] = {"seen": given["seen"], "actor": request.actor, "on": request.on}
    do: dict[str, Callable[[], Order]] = {
        "assign": lambda: services.assign(order_id, form.draft(), **shared),
        "repair": lambda: services.repair(order_id, form.draft(), **shared),
        "accept": lambda: services.accept(order_id, form.draft(), **shared),
        "send-back": lambda: services.send_back(order_id, given["reason"], **shared),
        "decline": lambda: services.decline(order_id, given["reason"], **shared),
        "pay": lambda: services.pay(order_id, **shared),
        "claim": lambda: services.link_claim(order_id, given["claim"], **shared),
    }
    try:
        do[act]()
    except (NotAllowed, NotFound, Stale):
        raise
    except Refusal as refusal:
        return _refused(request, order_id, act, form, refusal)
    messages.success(request, _("已办理。"))
    return redirect("maintenance:order", order_id)


def _refused(request: HttpRequest, order_id: int, act: str, form: django_forms.Form, refusal: Refusal) -> HttpResponse:
    order, problem = queries.orders.order(order_id, request.actor), ""
    if refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
    else:
        problem = str(refusal)
    return _shown(request, order, bound={act: form}, problem=problem, status=refusal.status)


@page("maintenance.view")
def printed(request: HttpRequest, order_id: int) -> FileResponse:
    """The repair as a paper to be signed by who reports, repairs and accepts."""
    order = queries.orders.order(order_id, request.actor)
    with translation.override("zh-hans"):
        data = paper_of(order)
    made = papers.render(policy.form("repair_order"), data, on=request.on)
    services.note_print(order, actor=request.actor, on=request.on)
    name = f"{_('维修单')}-{order.number}.pdf"
    return FileResponse(io.BytesIO(made), filename=name, content_type="application/pdf")


def paper_of(order: Order) -> dict[str, Any]:
    """What the form 维修单 asks for."""
    asset = order.asset
    return {
        "county": policy.county_name(),
        "number": order.number,
        "state": OrderState(order.state).label,
        "asset": f"{asset.code} {asset.name}",
        "model": asset.model,
        "place": asset.site.name if asset.site is not None else asset.place,
        "what": order.what,
        "severity": Severity(order.severity).label,
        "origin": links.resolve(order.origin).title if order.origin else "",
        "reporter": order.reported_by,
        "reported_on": order.reported_on,
        "down_on": order.down_since,
        "supplier": order.supplier,
        "worker": order.worker,
        "due_on": order.due_on,
        "estimate_fen": order.estimate_fen,
        "warranty": "是" if order.by_warranty else "否",
        "work": order.work,
        "repaired_on": order.repaired_on,
        "total_fen": order.cost_fen,
        "nature": Nature(order.nature).label if order.nature else "",
        "treatment": Treatment(order.treatment).label if order.treatment else "",
        "invoice": order.invoice,
        "result": order.result,
        "accepter": order.closed_by if order.state == OrderState.ACCEPTED else "",
        "closed_on": order.closed_on,
        "mark": "示例" if order.is_sample else "",
    }
