"""The task of the reading process: from a file to frames of understood, normalised, checked rows.

Frames: ``progress`` (stage, sheet, rows, of), ``sheet`` (a sheet's head as understood), ``rows`` (sheet, kind, a batch
of output rows in the order of ``catalogue.ROW_FIELDS``), ``issues``, and one ``summary`` at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path
from typing import Any

from mingchan.interfaces.exchange.reading.cells import Sheet, open_book
from mingchan.interfaces.exchange.reading.container import Container, examine
from mingchan.interfaces.exchange.reading.parts import PartFacts, column_letter
from mingchan.interfaces.exchange.reading.refusals import Limits
from mingchan.interfaces.exchange.understanding.catalogue import (
    APPROPRIATION,
    FUND_USE,
    REGISTER,
    ROW_FIELDS,
    SUMMARY,
    SURVEY,
    UNKNOWN,
)
from mingchan.interfaces.exchange.understanding.funds import AppropriationReader, FundUseReader
from mingchan.interfaces.exchange.understanding.headings import LOOKED_AT, Head, find_head
from mingchan.interfaces.exchange.understanding.options import ReadingOptions
from mingchan.interfaces.exchange.understanding.overview import Overview
from mingchan.interfaces.exchange.understanding.registers import RegisterReader
from mingchan.interfaces.exchange.understanding.results import IssueBook, SheetSummary, WorkbookSummary
from mingchan.interfaces.exchange.understanding.surveys import SurveyReader
from mingchan.interfaces.exchange.understanding.tables import TableReader

READERS: dict[str, type[TableReader]] = {
    REGISTER: RegisterReader,
    FUND_USE: FundUseReader,
    APPROPRIATION: AppropriationReader,
    SURVEY: SurveyReader,
}
_BOOK_YEAR = re.compile(r"(20[0-9]{2})\s*年?度")
Frame = dict[str, Any]


def understand(path: Path, options: dict[str, Any], limits: Limits) -> Iterator[Frame]:
    """Read the file at ``path``. ``options`` as in ``ReadingOptions``.

    Raises ContainerRefused when the file is not to be read.
    """
    chosen = ReadingOptions.from_dict(options, limits)
    yield _progress("checking", "", 0, 0)
    container = examine(path, limits, filename=chosen.filename)
    yield _progress("opening", "", 0, 0)
    book = open_book(path, container, limits, filename=chosen.filename, encoding=chosen.encoding)
    issues = IssueBook(limits.issues, frozenset(chosen.admitted))
    result = WorkbookSummary(container.kind, book.notes)
    year = _BOOK_YEAR.search(chosen.filename)
    chosen.book_year = int(year[1]) if year else None
    overviews: list[Overview] = []
    for index in range(len(book.names)):
        sheet = book.sheet(index)
        yield from _sheet(sheet, container, chosen, issues, result, overviews)
        del sheet
    for overview in overviews:
        overview.compare(result.sheets, issues, column_letter)
    if not any(sheet.kind in READERS for sheet in result.sheets):
        issues.add("error", "nothing_to_import", "", 0)
    if issues.pending:
        yield {"k": "issues", "issues": issues.take()}
    for summary in result.sheets:
        summary.errors, summary.warnings = issues.count(summary.name, "error"), issues.count(summary.name, "warning")
    result.issue_counts, result.issues_left_out = issues.counts, issues.left_out
    result.errors, result.warnings = issues.total("error"), issues.total("warning")
    yield {"k": "summary", "summary": asdict(result)}


def _progress(stage: str, sheet: str, rows: int, of: int) -> Frame:
    return {"k": "progress", "stage": stage, "sheet": sheet, "rows": rows, "of": of}


def _sheet(
    sheet: Sheet,
    container: Container,
    options: ReadingOptions,
    issues: IssueBook,
    result: WorkbookSummary,
    overviews: list[Overview],
) -> Iterator[Frame]:
    rows = sheet.rows()
    first = list(islice(rows, LOOKED_AT))
    head = _head_of(sheet, first, options, options.kinds.get(sheet.name, ""))
    if {head.kind, options.purpose} == {REGISTER, SURVEY}:
        head = _head_of(sheet, first, options, options.purpose)
    facts = container.parts.get(sheet.name) or PartFacts()
    summary = _begin(sheet, head, facts, issues)
    result.sheets.append(summary)
    if head.kind in READERS and head.header_rows is not None:
        yield {"k": "sheet", "sheet": asdict(summary)}
        reader = READERS[head.kind](sheet, head, issues, options)
        reader.put_back(facts.error_cells)
        _column_issues(reader, sheet, head, facts, issues)
        done = head.first_row - 1
        for batch in reader.batches(chain(first, rows)):
            done = min(done + 2_000, sheet.height)
            yield {"k": "rows", "sheet": sheet.name, "kind": head.kind, "rows": batch}
            if issues.pending:
                yield {"k": "issues", "issues": issues.take()}
            yield _progress("reading", sheet.name, done, sheet.height)
        reader.finish(summary)
    elif head.kind == SUMMARY and head.header_rows is not None:
        overviews.append(Overview(summary, head, islice(chain(first, rows), 2_000), sheet.left))
    elif head.kind == UNKNOWN and any(cell != "" for row in first for cell in row):
        issues.add("warning", "sheet_not_understood", sheet.name, 0)


def _head_of(sheet: Sheet, first: list[list[Any]], options: ReadingOptions, kind: str) -> Head:
    return find_head(
        first,
        sheet_name=sheet.name,
        left=sheet.left,
        merges=sheet.merges,
        letter=column_letter,
        mapping=options.mapping.get(sheet.name),
        forced_kind=kind,
    )


def _begin(sheet: Sheet, head: Head, facts: PartFacts, issues: IssueBook) -> SheetSummary:
    if sheet.visibility != "visible":
        issues.add("info", "sheet_hidden", sheet.name, 0)
    if facts.hidden_rows or facts.hidden_columns:
        issues.add(
            "info",
            "rows_hidden",
            sheet.name,
            0,
            "",
            "",
            "",
            {"rows": facts.hidden_rows, "columns": facts.hidden_columns},
        )
    return SheetSummary(
        name=sheet.name,
        kind=head.kind,
        visibility=sheet.visibility,
        title=head.title,
        lines=head.lines[:40],
        unit=head.unit,
        office=head.office,
        reported_on=head.reported_on,
        year=head.year,
        header_rows=head.header_rows,
        columns=head.columns,
        fields=ROW_FIELDS.get(head.kind, ()),
        shape=head.shape,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
    )


def _column_issues(reader: TableReader, sheet: Sheet, head: Head, facts: PartFacts, issues: IssueBook) -> None:
    """Say which columns were left out or are unsure, which unit was taken, which formulas have no stored value."""
    mapped = {column.letter for column in reader.columns.values()}
    last = head.header_rows[1] if head.header_rows else 0
    money = [
        column
        for column in head.columns
        if reader.columns.get(column.field) is not None and reader.columns[column.field].field.reader == "money"
    ]
    if money and not head.unit and not all(column.unit for column in money):
        issues.add("warning", "unit_assumed", sheet.name, 0)
    for column in head.columns:
        if not column.heading or column.corrected or column.field == "_number":
            continue
        if not column.field:
            issues.add("info", "column_left_out", sheet.name, last, column.letter, "", column.heading)
        elif column.confidence < 0.8:
            issues.add(
                "warning",
                "column_unsure",
                sheet.name,
                last,
                column.letter,
                column.field,
                column.heading,
                {"confidence": int(column.confidence * 100), "field": reader.columns[column.field].field.label},
            )
    for number, letter in facts.lost_formulas:
        if letter in mapped and number >= head.first_row:
            issues.add("warning", "formula_without_value", sheet.name, number, letter)
