"""Lists as files (导出): an xlsx sheet or csv text of what is seen, with nothing in it that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """Gives a csv writer's line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def inert(text: str) -> str:
    """Text that a spreadsheet shows and never computes: an apostrophe goes before what looks like a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def plain_yuan(fen: int) -> str:
    """Fen as yuan without separators, as a csv reader wants it: 123456 → 1234.56."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan}.{rest:02d}"


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of a csv file, with the mark that makes spreadsheets read UTF-8. Figures come as text."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([inert(value) if isinstance(value, str) else value for value in row])


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], money_columns: Sequence[int]) -> bytes:
    """An xlsx file with one sheet: title, headings, rows. Money is given in fen and shown in yuan; text stays text."""
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    sheet = book.add_worksheet()
    strong = book.add_format({"bold": True, "bottom": 1})
    amount = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, 16)
        sheet.write_string(1, column, heading, strong)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if column in money_columns:
                sheet.write_number(number, column, Decimal(value).scaleb(-2), amount)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write_string(number, column, str(value))
    sheet.freeze_panes(2, 0)
    book.close()
    return target.getvalue()
