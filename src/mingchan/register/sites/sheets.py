"""The list of sites as a workbook (导出): texts stay texts, amounts in yuan, quantities as numbers."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO

import xlsxwriter

Cell = str | int | Decimal | None


def workbook(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], money_columns: Sequence[int]
) -> bytes:
    """An xlsx file with one sheet. Money is given in fen and shown in yuan; nothing in it is a formula or a link."""
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    sheet = book.add_worksheet()
    strong = book.add_format({"bold": True, "bottom": 1})
    amount = book.add_format({"num_format": "#,##0.00"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, 28 if column in (1, 3) else 14)
        sheet.write_string(1, column, heading, strong)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if column in money_columns:
                sheet.write_number(number, column, Decimal(value).scaleb(-2), amount)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write_number(number, column, value)
    sheet.freeze_panes(2, 0)
    book.close()
    return target.getvalue()
