"""A holder's ledger as a workbook (台账表格): exact numbers, inert texts, the sum below."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from mingchan.kernel.money import FEN_PER_YUAN, MILLI

WIDTHS = (6, 16, 20, 20, 24, 16, 8, 10, 14, 14, 26, 10, 8, 24, 12)


def heads() -> list[str]:
    """The columns."""
    return [
        _("序号"), _("建设体系"), _("资产大类"), _("资产编号"), _("资产名称"), _("规格型号"), _("单位"), _("数量"),
        _("原值（元）"), _("取得日期"), _("站点或区划"), _("使用状况"), _("份额"), _("经营权人"), _("管护责任人"),
    ]  # fmt: skip


KEYS = (
    "system", "class", "code", "name", "model", "unit", "quantity_milli", "cost_fen", "acquired", "place", "condition",
    "share", "operator", "keeper",
)  # fmt: skip


def write(out: IO[bytes], heading: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write the ledger; returns how many rows. Texts are never formulas, amounts are whole fen until the cell."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet(_("归属部门台账"))
    bold = book.add_format({"bold": True, "bg_color": "#eef3f2", "border": 1})
    title = book.add_format({"bold": True, "font_size": 14})
    money = book.add_format({"num_format": "#,##0.00"})
    quantity = book.add_format({"num_format": "#,##0.###"})
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, heading, title)
    for index, head in enumerate(heads()):
        sheet.write_string(1, index, head, bold)
    sheet.freeze_panes(2, 0)
    count = total = 0
    for count, row in enumerate(rows, start=1):
        at = count + 1
        sheet.write_number(at, 0, count)
        for index, key in enumerate(KEYS, start=1):
            value = row[key]
            if key == "cost_fen":
                sheet.write_number(at, index, _decimal(value, FEN_PER_YUAN), money)
                total += value
            elif key == "quantity_milli":
                sheet.write_number(at, index, _decimal(value, MILLI), quantity)
            else:
                sheet.write_string(at, index, value)
    sheet.write_string(count + 2, 1, _("合计"), bold)
    sheet.write_number(count + 2, 8, _decimal(total, FEN_PER_YUAN), money)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    book.close()
    return count


def _decimal(value: int, scale: int) -> Any:
    """A whole number of small units as the workbook's number; exact decimals, no float of ours."""
    return Decimal(value) / scale
