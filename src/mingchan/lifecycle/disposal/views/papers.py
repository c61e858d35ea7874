"""Official papers of a disposal (资产处置申请审批表、处置结果备案表) as PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.choices import TaskStatus
from mingchan.foundation.procedures.models import Opinion, Task
from mingchan.kernel import papers
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import format_yuan
from mingchan.kernel.period import format_day
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.disposal import permissions, queries, services
from mingchan.lifecycle.disposal.choices import DONE, State
from mingchan.lifecycle.disposal.models import Disposal


@page(permissions.VIEW)
def application(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """The application with the opinions given so far, lines to sign on where there is none yet."""
    found = queries.disposal(disposal_id, request.actor)
    with translation.override("zh-hans"):
        content = papers.render(policy.form("disposal_application"), _application(found), on=request.on)
    services.note_printed(found, _("资产处置申请审批表"), actor=request.actor, on=request.on)
    return _answer(content, f"disposal-{found.year}-{found.serial:04d}.pdf")


@page(permissions.VIEW)
def filing(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """The result for the file of the county's bureau. Raises Refusal before there is one."""
    found = queries.disposal(disposal_id, request.actor)
    if found.state not in DONE:
        raise Refusal(_("处置还没有实施，没有结果可以备案"), clauses=("3.4.3a",))
    with translation.override("zh-hans"):
        content = papers.render(policy.form("disposal_filing"), _filing(found, request), on=request.on)
    services.note_printed(found, _("资产处置结果备案表"), actor=request.actor, on=request.on)
    return _answer(content, f"disposal-result-{found.year}-{found.serial:04d}.pdf")


def _answer(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _assets(found: Disposal) -> list[dict[str, Any]]:
    return [
        {
            "code": item.code,
            "name": item.name,
            "model": item.model,
            "unit": item.unit,
            "quantity_milli": item.quantity_milli,
            "cost_fen": item.cost_fen,
            "condition": item.condition,
            "note": "",
        }
        for item in queries.every_item(found)
    ]


def _appraisal(found: Disposal) -> str:
    value = queries.appraisal(found)
    if value is None:
        return ""
    words = _("%(firm)s，%(report)s，基准日 %(day)s，评估价值 %(value)s 元")
    return words % {
        "firm": value.firm, "report": value.report_no, "day": format_day(value.base_on),
        "value": format_yuan(value.value_fen),
    }  # fmt: skip


def _mark(found: Disposal) -> str:
    if found.state in (State.WITHDRAWN, State.REJECTED):
        return _("作废")
    return _("示例") if found.is_sample else ""


def _application(found: Disposal) -> dict[str, Any]:
    rows = _assets(found)
    finding = ""
    if found.finding:
        finding = f"{found.finding_by}，{format_day(found.finding_on)}：{found.finding}"
    there = [need.spec.label for need in queries.papers(found) if need.there]
    return {
        "county": policy.county_name(),
        "number": found.number,
        "office": found.office.name,
        "kind": queries.kind(found.kind).label,
        "applied_on": found.submitted_on or found.drafted_on,
        "reason": found.reason,
        "use": found.proceeds_use,
        "exception": found.exception,
        "finding": finding,
        "appraisal": _appraisal(found),
        "recipient": found.recipient.name if found.recipient is not None else found.recipient_name,
        "amount": _("%(amount)s 元") % {"amount": format_yuan(found.amount_fen)} if found.amount_fen else "",
        "papers": "、".join(there),
        "assets": rows,
        "total_fen": sum(row["cost_fen"] for row in rows),
        "opinions": _opinions(found),
        "digest": found.digest,
        "mark": _mark(found),
    }


def _opinions(found: Disposal) -> list[dict[str, Any]]:
    """What each seat said in the present round, and an empty line for those that are waited for."""
    if found.case is None:
        seats = (_("县财政局"), _("县乡村振兴局"), _("县审计局"), _("县工信局"), _("县人民政府"))
        return [{"seat": seat} for seat in seats]
    given = Opinion.objects.filter(case=found.case, round=found.case.round).order_by("id")
    said = [
        {
            "seat": one.office_name,
            "answer": str(one.get_answer_display()),
            "text": "　".join(filter(None, (one.text, one.document_no))),
            "name": one.account_name,
            "on": one.given_on,
        }
        for one in given
    ]
    waiting = Task.objects.filter(case=found.case, status=TaskStatus.WAITING, waits="").order_by("id")
    return said + [{"seat": task.seat or task.name} for task in waiting]


def _filing(found: Disposal, request: HttpRequest) -> dict[str, Any]:
    rows = _assets(found)
    result, purse = queries.result(found), queries.purse(found)
    reply = Opinion.objects.filter(case=found.case, task__kind="approval", answer="AGREE").order_by("-id").first()
    filed = Opinion.objects.filter(case=found.case, task__kind="filing").order_by("-id").first()
    notice = Task.objects.filter(case=found.case, waits="notice", status=TaskStatus.DONE).order_by("id").first()
    auction = ""
    if result is not None and result.house:
        words = _("%(house)s，%(place)s，竞买 %(bidders)s 人，成交确认书 %(number)s")
        auction = words % {
            "house": result.house, "place": result.place, "bidders": result.bidders, "number": result.confirmation_no,
        }  # fmt: skip
    said = (
        (_("收入"), result.price_fen if result is not None else 0),
        (_("费用和税费"), purse.costs + purse.taxes),
        (_("应缴财政"), found.due_fen if found.account_closed_on else max(0, purse.surplus)),
        (_("已缴财政"), purse.remitted),
    )
    return {
        "county": policy.county_name(),
        "number": found.number,
        "office": found.office.name,
        "kind": queries.kind(found.kind).label,
        "executed_on": found.executed_on,
        "approval": f"{reply.document_no}，{format_day(reply.given_on)}" if reply is not None else "",
        "notice": _("%(first)s至%(last)s公示")
        % {"first": format_day(notice.opened_on), "last": format_day(notice.closed_on)}
        if notice is not None
        else "",
        "appraisal": _appraisal(found),
        "other_party": result.other_party if result is not None else "",
        "contract": result.contract_no if result is not None else "",
        "auction": auction,
        "note": "；".join(filter(None, (result.responsible, result.handled_by, result.note)))
        if result is not None
        else "",
        "money": [{"label": label, "amount": format_yuan(fen)} for label, fen in said],
        "assets": rows,
        "total_fen": sum(row["cost_fen"] for row in rows),
        "filing_no": filed.document_no if filed is not None else "",
        "maker": request.actor.name,  # type: ignore[attr-defined]
        "mark": _mark(found),
    }
