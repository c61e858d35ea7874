"""The form of differences (调查差异处理表) as a workbook: title, a line a difference, what was decided, signatures."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

WIDTHS = (6, 22, 22, 11, 30, 30, 14, 20, 16, 30, 10, 12, 22)
GAP, DAY = 6, 11


def heads() -> list[str]:
    """The headings, in the reader's language."""
    return [
        _("序号"), _("资产编号"), _("资产名称"), _("差异"), _("台账"), _("调查"), _("价值差额（元）"), _("调查表位置"),
        _("处理意见"), _("理由"), _("处理人"), _("处理日期"), _("新登记编号"),
    ]  # fmt: skip


Line = Sequence[str | int | date | None]


def write(out: IO[bytes], title: str, about: str, lines: Iterable[Line]) -> int:
    """Write the form to a binary file; amounts in `lines` are fen. Returns the number of lines. Texts stay texts."""
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(_("差异处理表"))
    last = len(WIDTHS) - 1
    box = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10}
    plain, head = book.add_format(box), book.add_format({**box, "bold": True, "align": "center", "bg_color": "#E8EFEA"})
    amount, day = (
        book.add_format({**box, "num_format": "#,##0.00"}),
        book.add_format({**box, "num_format": "yyyy-mm-dd"}),
    )
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, last, title, book.add_format({"bold": True, "font_size": 16, "align": "center"}))
    sheet.merge_range(1, 0, 1, last, about, book.add_format({"font_size": 10}))
    for column, text in enumerate(heads()):
        sheet.write_string(2, column, text, head)
    count = 0
    for count, line in enumerate(lines, start=1):
        at = 2 + count
        sheet.write_number(at, 0, count, plain)
        for column, value in enumerate(line, start=1):
            if value is None or value == "":
                sheet.write_blank(at, column, None, plain)
            elif column == GAP and isinstance(value, int):
                sheet.write_number(at, column, Decimal(value).scaleb(-2), amount)
            elif isinstance(value, date):
                sheet.write_datetime(at, column, value, day)
            else:
                sheet.write_string(at, column, str(value), plain)
    signed = _(
        "调查机构（盖章）：　　　　　　　　财政部门：　　　　　　　　经办人：　　　　　　　　日期：　　年　月　日"
    )
    sheet.write_string(count + 4, 0, signed)
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer("&C&P / &N")
    book.close()
    return count
