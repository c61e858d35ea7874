"""What leaves as a file: workbooks of the lists, a reminder as PDF (催缴单)."""

import io
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.income import permissions, services, sheets
from mingchan.lifecycle.income.choices import EXPORT_MOST, DueKind
from mingchan.lifecycle.income.models import Reminder
from mingchan.lifecycle.income.queries import receipts, receivables
from mingchan.lifecycle.income.queries.receipts import ReceiptFilter
from mingchan.lifecycle.income.queries.receivables import ReceivableFilter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(permissions.VIEW)
def export_receivables(request: HttpRequest) -> FileResponse:
    """Exactly what the list of receivables shows, as a workbook."""
    actor, on = request.actor, request.on
    wanted = ReceivableFilter.read(request.GET)
    if receivables.totals(wanted, actor, on).count > EXPORT_MOST:
        raise Refusal(_("超过 %(count)s 条，请先筛选") % {"count": EXPORT_MOST})
    out, count = sheets.of_receivables(wanted, actor, on)
    return _answer(request, out, _("应收清单"), count)


@page(permissions.VIEW)
def export_receipts(request: HttpRequest) -> FileResponse:
    """Exactly what the list of receipts shows, as a workbook."""
    actor = request.actor
    wanted = ReceiptFilter.read(request.GET)
    if receipts.totals(wanted, actor)[0] > EXPORT_MOST:
        raise Refusal(_("超过 %(count)s 条，请先筛选") % {"count": EXPORT_MOST})
    out, count = sheets.of_receipts(wanted, actor)
    return _answer(request, out, _("收款清单"), count)


def _answer(request: HttpRequest, out: Any, name: str, count: int) -> FileResponse:
    services.note_export(name, count, actor=request.actor, on=request.on)
    file_name = f"{policy.county_name()}{name}-{request.on:%Y%m%d}.xlsx"
    return FileResponse(out, as_attachment=True, filename=file_name, content_type=XLSX)


@page(permissions.VIEW)
def reminder(request: HttpRequest, reminder_id: int) -> FileResponse:
    """A reminder to be printed and delivered."""
    found = receipts.reminder(request.actor, reminder_id)
    with translation.override("zh-hans"):
        data = _data(found)
    made = papers.render(policy.form("reminder"), data, on=found.issued_on)
    services.note_printing(found, actor=request.actor, on=request.on)
    return FileResponse(io.BytesIO(made), filename=f"{found.label}.pdf", content_type="application/pdf")


def _data(found: Reminder) -> dict[str, Any]:
    """What the form asks for, in Chinese whatever the reader's language."""
    lines = list(
        found.lines.select_related("receivable", "receivable__contract", "receivable__creditor").order_by("id")
    )
    return {
        "county": policy.county_name(),
        "number": found.label,
        "operator": found.operator.name,
        "creditor": lines[0].receivable.creditor.name,
        "issued_on": found.issued_on,
        "pay_by_on": found.pay_by,
        "lines": [
            {
                "number": line.receivable.label,
                "contract": line.receivable.contract.number,
                "kind": str(DueKind(line.receivable.kind).label),
                "starts_on": line.receivable.starts_on,
                "last_on": line.receivable.last_day,
                "due_on": line.receivable.due_on,
                "days": (found.issued_on - line.receivable.due_on).days,
                "cost_fen": line.open_fen,
            }
            for line in lines
        ],
        "total_fen": found.fen,
        "issuer": found.issued_by,
        "mark": _("示例") if found.is_sample else "",
    }
