"""Reports of turnover by operators, and the bureau's answer (经营数据申报)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.ui import acting
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.operation import permissions, queries, services
from mingchan.lifecycle.operation.forms import AnswerForm, ReportForm
from mingchan.lifecycle.operation.queries import showing


@page(permissions.REPORT, methods=("GET", "POST"))
def report(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Report one period, on a phone too."""
    actor, on = request.actor, request.on
    found = showing.contract(contract_id, actor)
    periods = [
        (row.starts_on.isoformat(), f"{row.starts_on.isoformat()} – {row.last_day.isoformat()}")
        for row in queries.reporting(found, on)
        if row.is_open
    ]
    form = ReportForm(request.POST or None, request.FILES or None, periods=periods)
    back = reverse("operation:contract", args=[found.pk])

    def carry_out(data: dict[str, Any]) -> tuple[str, str]:
        services.report(
            found.pk,
            data["starts_on"],
            turnover_fen=data["turnover"],
            profit_fen=data["profit"],
            note=data["note"],
            paper=data["paper"],
            actor=actor,
            on=on,
        )
        target = reverse("operation:mine") if found.operator_id in actor.parties(permissions.REPORT) else back
        return _("已申报，请等待县工信局审核"), target

    context = {
        "heading": _("申报经营数据"),
        "note": _("%(number)s %(title)s。如实填写本期营业额和利润，县工信局采纳后按合同比例计算分成。")
        % {"number": found.number, "title": found.title},
        "back": back,
        "submit": _("提交申报"),
        "contract": found,
        "nothing": "" if periods else _("没有需要申报的期间"),
    }
    return acting.posted(request, form, carry_out, "operation/simple.html", context)


@page(permissions.DRAFT, methods=("POST",))
def answer(request: HttpRequest, report_id: int) -> HttpResponse:
    """Accept a report, or return it with the reason."""
    row = showing.report(report_id, request.actor)
    form = AnswerForm(request.POST)

    def carry_out() -> str:
        data = form.cleaned_data
        accept = data["accept"] == "yes"
        services.answer(row.pk, accept=accept, text=data["answer"], actor=request.actor, on=request.on)
        return _("已采纳申报") if accept else _("已退回申报")

    target = reverse("operation:contract", args=[row.contract_id]) + "#reports"
    return acting.done(request, carry_out, target, form)
