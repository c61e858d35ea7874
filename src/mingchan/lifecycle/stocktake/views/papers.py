"""What leaves as a file: count sheets and the report, printed and as workbooks (盘点表、盘点报告)."""

import io
from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import format_quantity
from mingchan.kernel.ui.page import signed_in
from mingchan.lifecycle.stocktake import queries, services, sheets
from mingchan.lifecycle.stocktake.choices import (
    COMPARED,
    EXPORT_MOST,
    Decision,
    DifferenceKind,
    PlanKind,
    Role,
)
from mingchan.lifecycle.stocktake.models import Plan
from mingchan.lifecycle.stocktake.queries.plans import LineRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _pdf(request: HttpRequest, form: str, data: dict[str, Any], paper: str, plan: Plan) -> FileResponse:
    made = papers.render(policy.form(form), data, on=request.on)
    services.note_printed(plan.pk, paper, actor=request.actor, on=request.on)
    return FileResponse(io.BytesIO(made), filename=f"{paper}-{plan.number}.pdf", content_type="application/pdf")


def _xlsx(request: HttpRequest, out: Any, count: int, paper: str, plan: Plan) -> FileResponse:
    services.note_printed(plan.pk, paper, count=count, actor=request.actor, on=request.on)
    name = f"{paper}-{plan.number}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def _sheet_data(plan: Plan, place: str, keepers: str, rows: Sequence[LineRow]) -> dict[str, Any]:
    return {
        "county": policy.county_name(),
        "number": plan.number,
        "title": plan.title,
        "place": place,
        "base_on": plan.base_on,
        "keeper": keepers,
        "rows": [
            {
                "code": row.code,
                "name": row.name,
                "model": row.model,
                "unit": row.unit,
                "booked": "" if plan.is_blind else format_quantity(row.quantity_milli),
                "condition": row.condition,
                "found": "",
                "note": "",
            }
            for row in rows
        ],
        "mark": _("示例") if plan.is_sample else "",
    }


@signed_in()
def sheet_pdf(request: HttpRequest, task_id: int) -> FileResponse:
    """The count sheet of a place, to be filled in and signed on paper."""
    task = queries.task(task_id, request.actor)
    plan = task.plan
    rows = [LineRow(*values) for values in queries.every_line([task.pk], plan.pk)[: papers.MOST_ROWS + 1]]
    if len(rows) > papers.MOST_ROWS:
        raise Refusal(_("超过 %(count)s 行，请用表格打印") % {"count": papers.MOST_ROWS})
    keepers = "、".join(dict.fromkeys(row.keeper for row in rows if row.keeper))
    with translation.override("zh-hans"):
        data = _sheet_data(plan, task.place or _("未注明地点"), keepers[:60], rows)
        return _pdf(request, "count_sheet", data, _("盘点表"), plan)


@signed_in()
def sheet_xlsx(request: HttpRequest, task_id: int) -> FileResponse:
    """The count sheet of a place as a workbook."""
    task = queries.task(task_id, request.actor)
    out, count = sheets.count_sheet(task.plan, [task.pk])
    return _xlsx(request, out, count, _("盘点表"), task.plan)


def _compared(request: HttpRequest, plan_id: int) -> Plan:
    plan = queries.plan(plan_id, request.actor)
    if plan.state not in COMPARED:
        raise Refusal(_("清点结束后才有盘点报告"), clauses=("3.4.1",))
    return plan


@signed_in()
def report_xlsx(request: HttpRequest, plan_id: int) -> FileResponse:
    """The report with all its lists as a workbook."""
    plan = _compared(request, plan_id)
    if plan.line_count > EXPORT_MOST:
        raise Refusal(_("超过 %(count)s 行，不能导出") % {"count": EXPORT_MOST})
    out, count = sheets.report(plan)
    return _xlsx(request, out, count, _("盘点报告"), plan)


@signed_in()
def report_pdf(request: HttpRequest, plan_id: int) -> FileResponse:
    """The report as the county's form: figures, differences with their decisions, the team, signatures."""
    plan = _compared(request, plan_id)
    with translation.override("zh-hans"):
        return _pdf(request, "stocktake_report", report_data(plan), _("盘点报告"), plan)


def report_data(plan: Plan) -> dict[str, Any]:
    """What the form of the report asks for."""
    team = queries.team(plan)
    rows = queries.every_difference(plan.pk)
    if len(rows) > papers.MOST_ROWS:
        raise Refusal(_("差异超过 %(count)s 项，请用表格") % {"count": papers.MOST_ROWS})
    signed = queries.signatures(plan.pk)
    return {
        "county": policy.county_name(),
        "number": plan.number,
        "title": plan.title,
        "kind": str(PlanKind(plan.kind).label),
        "basis": plan.basis,
        "base_on": plan.base_on,
        "ended_on": plan.ended_on,
        "summary": queries.summary(plan),
        "conclusion": plan.conclusion,
        "figures": [
            {"label": label, "value": value}
            for label, value in (
                (_("应盘项数"), f"{plan.line_count:,}"),
                (_("已盘项数"), f"{plan.counted_count:,}"),
                (_("盘点率"), queries.percent(plan.counted_count, plan.line_count)),
                (_("相符项数"), f"{plan.matched_count:,}"),
                (_("账实相符率"), queries.percent(plan.matched_count, plan.line_count)),
            )
        ],
        "differences": [
            {
                "code": row.code or "—",
                "name": row.name,
                "kind": str(DifferenceKind(row.kind).label),
                "place": row.place or "",
                "booked": format_quantity(row.booked_milli) if row.code else "—",
                "found": format_quantity(row.found_milli),
                "cost_fen": row.cost_fen,
                "decision": str(Decision(row.decision).label) if row.decision else _("待处理"),
                "reason": row.reason,
            }
            for row in rows
            if row.kind != DifferenceKind.DISAGREE
        ],
        "counters": "、".join(team.get(Role.COUNTER, [])),
        "checkers": "、".join(team.get(Role.CHECKER, [])),
        "observers": "、".join(team.get(Role.OBSERVER, [])),
        "signed": _("现场签字 %(count)s 处：%(names)s")
        % {
            "count": len({one.task_id for one in signed}),
            "names": "、".join(dict.fromkeys(one.name for one in signed))[:300] or "—",
        },
        "digest": plan.outcome_digest,
        "mark": _("示例") if plan.is_sample else "",
    }
