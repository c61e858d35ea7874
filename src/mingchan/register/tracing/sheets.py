"""The reconciliation as a workbook (勾稽表): one sheet for each cut and one for each kind of difference."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter


class Sheet(NamedTuple):
    """A sheet: name, headings, rows; the columns from `money_from` on are fen, None is left blank."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    money_from: int


def workbook(title: str, sheets: Sequence[Sheet]) -> bytes:
    """An xlsx file. Fen are shown in yuan; what looks like a formula stays text."""
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(target, options)
    strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    amount = book.add_format({"num_format": "#,##0.00"})
    large = book.add_format({"bold": True, "font_size": 14})
    for one in sheets:
        sheet = book.add_worksheet(one.name)
        sheet.write_string(0, 0, f"{title} {one.name}", large)
        for column, heading in enumerate(one.headings):
            sheet.set_column(column, column, 18 if column >= one.money_from else 28)
            sheet.write_string(1, column, heading, strong)
        for number, row in enumerate(one.rows, start=2):
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if column >= one.money_from and isinstance(value, int):
                    sheet.write_number(number, column, Decimal(value).scaleb(-2), amount)
                else:
                    sheet.write_string(number, column, str(value))
        sheet.freeze_panes(2, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    book.close()
    return target.getvalue()
