"""Contracts as files: the text as PDF and Word, the list as a workbook (合同文本、导出)."""

import io
import tempfile
from datetime import date
from decimal import Decimal
from typing import IO, Any

import docx
import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from docx.shared import Pt

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import money, papers
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.period import format_day
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.operation import permissions, queries, services
from mingchan.lifecycle.operation.choices import Grade, Status
from mingchan.lifecycle.operation.models import Contract, Edition
from mingchan.lifecycle.operation.queries import ContractFilter, listing, showing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
IN_MEMORY = 8 * 1024 * 1024
WIDTHS = (24, 26, 26, 16, 14, 13, 13, 16, 10, 14)


def content(found: Contract, edition: Edition) -> dict[str, Any]:
    """What a contract's text is made of, in Chinese for every reader."""
    with translation.override("zh-hans"):
        rows = [
            {
                "code": row.asset.code, "name": row.asset.name, "model": row.asset.model, "unit": row.asset.unit,
                "quantity_milli": row.asset.quantity_milli, "cost_fen": row.asset.cost_fen, "place": row.asset.place,
                "condition": row.asset.condition, "note": "",
            }
            for row in showing.covered(found)
        ]  # fmt: skip
        return {
            "county": policy.county_name(),
            "number": found.number,
            "edition": edition.number,
            "subject": found.title,
            "lessor": found.lessor.name,
            "operator": found.operator.name,
            "mode": queries.modes()[edition.mode].name if edition.mode in queries.modes() else "",
            "starts_on": edition.starts_on,
            "last_day": edition.last_day,
            "income": services.income_words(edition),
            "deposit_fen": edition.deposit_fen or None,
            "measures": edition.measures,
            "emergency_plan": edition.emergency_plan,
            "operator_duties": edition.operator_duties,
            "lessor_duties": edition.lessor_duties,
            "risk": str(Grade(found.grade).label) if found.grade else "",
            "assets": rows,
            "total_fen": sum(row["cost_fen"] for row in rows),
            "signed_on": edition.signed_on,
            "mark": "示例" if found.is_sample else ("" if edition.signed_on else "草稿"),
        }


def _version(found: Contract) -> Edition:
    """The version whose text is wanted: the one that is open, else the one in force."""
    versions = showing.editions(found)
    return showing.open_edition(versions) or showing.present_edition(found, versions)


@page(permissions.VIEW)
def paper(request: HttpRequest, contract_id: int) -> FileResponse:
    """The contract's text as PDF."""
    found = showing.contract(contract_id, request.actor)
    made = papers.render(policy.form("contract"), content(found, _version(found)), on=request.on)
    services.note_print(found, "PDF", actor=request.actor, on=request.on)
    return FileResponse(io.BytesIO(made), filename=f"{found.number}.pdf", content_type="application/pdf")


@page(permissions.VIEW)
def word(request: HttpRequest, contract_id: int) -> FileResponse:
    """The contract's text as a Word file, to be worked on."""
    found = showing.contract(contract_id, request.actor)
    made = document(content(found, _version(found)))
    services.note_print(found, "Word", actor=request.actor, on=request.on)
    return FileResponse(made, as_attachment=True, filename=f"{found.number}.docx", content_type=DOCX)


@page(permissions.VIEW)
def signed(request: HttpRequest, contract_id: int, number: int) -> FileResponse:
    """The signed copy of a version, for both sides of the contract."""
    found = showing.contract(contract_id, request.actor)
    edition = next((one for one in showing.editions(found) if one.number == number), None)
    if edition is None or not edition.signed_paper:
        raise NotFound(_("没有这份签署文本"))
    attachment, path = evidence.open_attachment(int(Ref.parse(edition.signed_paper).id))
    return FileResponse(path.open("rb"), as_attachment=True, filename=attachment.name)


def document(data: dict[str, Any]) -> IO[bytes]:
    """The contract as a Word file: the same words as the paper."""
    made = docx.Document()
    made.styles["Normal"].font.size = Pt(12)
    made.add_heading(f"{data['county']}电子商务示范项目资产经营合同", level=0)
    made.add_paragraph(f"合同编号：{data['number']}（第 {data['edition']} 版）")
    made.add_paragraph(f"甲方（发包方）：{data['lessor']}")
    made.add_paragraph(f"乙方（经营者）：{data['operator']}")
    term = f"自 {format_day(data['starts_on']) or '　　'} 起至 {format_day(data['last_day']) or '　　'} 止。"
    total = money.format_yuan(data["total_fen"])
    subject = f"{data['subject']}，资产 {len(data['assets'])} 项，原值 {total} 元，见所附清单。"
    articles = (
        ("一、标的", subject),
        ("二、经营方式", data["mode"]),
        ("三、期限", term),
        ("四、收益分配", data["income"]),
        ("五、风险防控", data["measures"]),
        ("六、应急预案", data["emergency_plan"]),
        ("七、乙方义务", data["operator_duties"]),
        ("八、甲方义务", data["lessor_duties"]),
    )
    for title, text in articles:
        made.add_heading(title, level=2)
        for line in (text or "（待填写）").splitlines():
            made.add_paragraph(line)
    made.add_paragraph("未经甲方按程序同意，乙方不得变更经营者和经营方式，不得转租、抵押或处置资产。")
    made.add_paragraph("甲方（盖章）：　　　　　　　　　　乙方（签字盖章）：")
    made.add_paragraph("签订日期：　　　年　　月　　日")
    made.add_heading("附：资产清单", level=2)
    heads = ("序号", "资产编号", "资产名称", "规格型号", "数量", "原值（元）", "存放地点")
    table = made.add_table(rows=1, cols=len(heads))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = text
    for place, row in enumerate(data["assets"], start=1):
        values = (
            str(place), row["code"], row["name"], row["model"], money.format_quantity(row["quantity_milli"]),
            money.format_yuan(row["cost_fen"]), row["place"],
        )  # fmt: skip
        for cell, text in zip(table.add_row().cells, values, strict=True):
            cell.text = text
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return out


@page(permissions.VIEW)
def export(request: HttpRequest) -> FileResponse:
    """Exactly what the list shows, as a workbook."""
    actor, on = request.actor, request.on
    rows = listing.every(ContractFilter.read(request.GET.dict()), actor, on)
    if len(rows) > listing.EXPORT_MOST:
        raise Refusal(_("超过 %(count)s 条，请先筛选") % {"count": listing.EXPORT_MOST})
    out = workbook(rows)
    services.note_export(len(rows), actor=actor, on=on)
    name = f"{policy.county_name()}{_('经营合同清单')}-{on:%Y%m%d}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def workbook(rows: list[listing.ContractRow]) -> IO[bytes]:
    """The list as a workbook; text that looks like a formula stays text."""
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    sheet = book.add_worksheet(_("经营合同"))
    strong = book.add_format({"bold": True, "bottom": 1})
    amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    heads = [
        _("合同编号"),
        _("标的"),
        _("经营者"),
        _("经营方式"),
        _("所在区划"),
        _("起始日"),
        _("届满日"),
        _("资产原值（元）"),
        _("风险等级"),
        _("状态"),
    ]
    for column, (heading, width) in enumerate(zip(heads, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, strong)
    for number, row in enumerate(rows, start=1):
        grade = str(Grade(row.grade).label) if row.grade else ""
        texts = {
            0: row.number, 1: row.title, 2: row.operator, 3: queries.mode_label(row.mode) if row.mode else "",
            4: row.division_code, 8: grade, 9: str(Status(row.status).label),
        }  # fmt: skip
        for column, text in texts.items():
            sheet.write_string(number, column, text)
        for column, value in ((5, row.starts_on), (6, row.ended_on or row.last_day)):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
        sheet.write_number(number, 7, Decimal(row.value_fen).scaleb(-2), amount)
    sheet.freeze_panes(1, 0)
    book.close()
    out.seek(0)
    return out
