"""The workbook back with its problems marked (标注问题的工作簿): bad cells coloured, what to do as a comment.

The copy is written anew from the cells' values, so nothing hidden in the original travels on; every text is written as
text, so nothing in it is a formula.
"""

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from mingchan.interfaces.exchange import queries
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.reading.parts import column_number
from mingchan.interfaces.exchange.reading.sandbox import run_in_child
from mingchan.interfaces.exchange.services import source

CHUNK = 64 * 1024
COMMENTS_MOST = 2_000
Marks = dict[str, dict[tuple[int, int], list[tuple[str, str]]]]


def build(batch: Batch) -> Iterator[bytes]:
    """The marked copy as chunks of an xlsx file. Raises ContainerRefused or ReadingFailed as reading does."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the generator that hands it out
    _write(batch, file)
    file.seek(0)
    return _chunks(file)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _marks(batch: Batch) -> Marks:
    found: Marks = {}
    for issue in batch.issues.order_by("id").iterator():
        words = queries.described(issue)
        column = column_number(issue.column) if issue.column else 0
        place = found.setdefault(issue.sheet, {}).setdefault((max(issue.row - 1, 0), column), [])
        place.append((issue.severity, f"{words['sentence']}{words['advice']}"))
    return found


def _write(batch: Batch, file: BinaryIO) -> None:
    marks = _marks(batch)
    book = xlsxwriter.Workbook(file, {"in_memory": False, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {
        "error": book.add_format({"bg_color": "#F8CBAD", "text_wrap": True}),
        "warning": book.add_format({"bg_color": "#FFE699", "text_wrap": True}),
    }
    used: set[str] = set()
    sheet: Any = None
    at, left, placed, comments = 0, 0, {}, 0
    for frame in run_in_child("cells", source.path_of(batch), {"filename": batch.file_name}):
        if frame["k"] == "sheet":
            sheet = book.add_worksheet(_sheet_name(frame["sheet"], used))
            placed, left, at = marks.get(frame["sheet"], {}), frame["left"], 0
            sheet.set_column(0, 40, 14)
        elif frame["k"] == "cells":
            for number, row in enumerate(frame["rows"], start=at):
                for offset, value in enumerate(row):
                    column = left + offset
                    found = placed.get((number, column))
                    look = None
                    if found:
                        look = formats["error" if any(s == "error" for s, _words in found) else "warning"]
                        if comments < COMMENTS_MOST:
                            sheet.write_comment(number, column, "\n".join(words for _s, words in found), {"x_scale": 2})
                            comments += 1
                    _cell(sheet, number, column, value, look)
            at += len(frame["rows"])
    _list_of_issues(book, batch, used)
    book.close()


def _cell(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    if value is None or value == "":
        if look is not None:
            sheet.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, str(value)[:32_000], look)


def _sheet_name(name: str, used: set[str]) -> str:
    kept = "".join("_" if char in "[]:*?/\\" else char for char in name).strip("'")[:28] or "Sheet"
    final, number = kept, 1
    while final.lower() in used:
        number += 1
        final = f"{kept}{number}"
    used.add(final.lower())
    return final


def _list_of_issues(book: Any, batch: Batch, used: set[str]) -> None:
    sheet = book.add_worksheet(_sheet_name(str(_("问题清单")), used))
    bold = book.add_format({"bold": True})
    for column, head in enumerate((_("程度"), _("工作表"), _("行"), _("列"), _("原值"), _("问题"), _("办法"))):
        sheet.write_string(0, column, str(head), bold)
    for number, issue in enumerate(batch.issues.order_by("id").iterator(), start=1):
        words = queries.described(issue)
        for column, key in enumerate(("severity_label", "sheet", "row", "column", "value", "sentence", "advice")):
            value = words[key]
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, str(value))
    sheet.freeze_panes(1, 0)
    sheet.set_column(4, 6, 30)
