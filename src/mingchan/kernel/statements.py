"""Statements of the books (报表): one table with a title, as a workbook or as the data of the pack's form.

Whoever shows a table gives its columns, rows and totals once; the page, the workbook and the paper say the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter

from mingchan.kernel.money import LARGEST_FEN, format_yuan

WIDTHS = {"text": 18, "wide": 34, "number": 10, "money": 18}


class Column(NamedTuple):
    """A column: its heading and kind, `text`, `wide` (long text), `number` (whole) or `money` (fen)."""

    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement (报表): title, whose and of when it is, columns, rows in their order, and the row of totals."""

    title: str
    unit: str
    span: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    totals: Sequence[Any] = ()
    sheet: str = ""


def workbook(statement: Statement) -> bytes:
    """The statement as xlsx, row by row; text stays text, and so does an amount too large for a cell."""
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet((statement.sheet or statement.title)[:31])
    looks = {
        "text": book.add_format({"border": 1}),
        "wide": book.add_format({"border": 1}),
        "number": book.add_format({"border": 1, "num_format": "0"}),
        "money": book.add_format({"border": 1, "num_format": "#,##0.00"}),
    }
    bold = book.add_format({"border": 1, "num_format": "#,##0.00", "bold": True})
    head = book.add_format({"bold": True, "align": "center", "border": 1, "bg_color": "#EEF2EF", "text_wrap": True})
    title = book.add_format({"bold": True, "align": "center", "font_size": 14})
    last = len(statement.columns) - 1
    for index, column in enumerate(statement.columns):
        sheet.set_column(index, index, WIDTHS[column.kind])
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(0, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.merge_range(0, 0, 0, last, statement.title, title)
    sheet.write_string(1, 0, statement.unit)
    sheet.write_string(1, last, statement.span)
    for index, column in enumerate(statement.columns):
        sheet.write_string(2, index, column.label, head)
    line = 3
    for row in statement.rows:
        for index, (column, value) in enumerate(zip(statement.columns, row, strict=True)):
            _write(sheet, line, index, column.kind, value, looks[column.kind])
        line += 1
    if statement.totals:
        for index, (column, value) in enumerate(zip(statement.columns, statement.totals, strict=True)):
            _write(sheet, line, index, column.kind, value, bold)
    book.close()
    return target.getvalue()


def _write(sheet: Any, line: int, index: int, kind: str, value: Any, look: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(line, index, None, look)
    elif kind == "money" and abs(value) <= LARGEST_FEN:
        sheet.write_number(line, index, Decimal(value).scaleb(-2), look)
    elif kind == "number":
        sheet.write_number(line, index, value, look)
    else:
        sheet.write_string(line, index, format_yuan(value) if kind == "money" else str(value), look)


def paper(statement: Statement, **more: Any) -> dict[str, Any]:
    """The statement as data of the pack's form `statement`: everything written, amounts with separators."""

    def written(column: Column, value: Any) -> str:
        if value is None or value == "":
            return ""
        return format_yuan(value) if column.kind == "money" else str(value)

    return {
        "title": statement.title,
        "unit": statement.unit,
        "span": statement.span,
        "columns": [{"label": column.label, "kind": column.kind} for column in statement.columns],
        "rows": [
            {"cells": [written(column, value) for column, value in zip(statement.columns, row, strict=True)]}
            for row in statement.rows
        ],
        "totals": [written(column, value) for column, value in zip(statement.columns, statement.totals, strict=False)],
    } | more
