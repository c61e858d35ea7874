"""The sheets of a file that passed the container check, their rows handed out one at a time.

Spreadsheets are parsed by python-calamine: every number is a float, dates are ``date`` or ``datetime``, an error
value or an empty cell is ``""``. Comma-separated text and web pages give strings only.
"""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from mingchan.interfaces.exchange.reading.container import Container
from mingchan.interfaces.exchange.reading.parts import Merge
from mingchan.interfaces.exchange.reading.refusals import ContainerRefused, Limits
from mingchan.interfaces.exchange.reading.webpage import Table, tables_of

_VISIBLE = (  # the reader's enumeration cannot be hashed
    (SheetVisibleEnum.Visible, "visible"),
    (SheetVisibleEnum.Hidden, "hidden"),
    (SheetVisibleEnum.VeryHidden, "veryhidden"),
)
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PROBE = 1 << 16


@dataclass
class Sheet:
    """One sheet. Its first row is row 1; ``left`` is the column (from 0) of the first value in each row."""

    name: str
    visibility: str = "visible"
    left: int = 0
    width: int = 0
    height: int = 0
    merges: list[Merge] | None = None
    _source: Any = field(default=None, repr=False)

    def rows(self) -> Iterator[list[Any]]:
        """Rows from row 1 on, each as wide as the sheet."""
        return iter(()) if self._source is None else self._source()


class Book(ABC):
    """An opened file: names of its sheets, and each sheet on demand so that only one is in memory."""

    def __init__(self, names: list[str], notes: list[str]) -> None:
        self.names = names
        self.notes = notes

    @abstractmethod
    def sheet(self, index: int) -> Sheet:
        """The sheet at ``index`` (from 0)."""


class _Workbook(Book):
    def __init__(self, book: CalamineWorkbook, notes: list[str], kind: str) -> None:
        super().__init__(list(book.sheet_names), notes)
        self._book = book
        self._kind = kind
        self._about = list(book.sheets_metadata)

    def sheet(self, index: int) -> Sheet:
        about = self._about[index]
        visibility = next((name for value, name in _VISIBLE if value == about.visible), "visible")
        if about.typ != SheetTypeEnum.WorkSheet:
            return Sheet(about.name, visibility)
        try:
            found = self._book.get_sheet_by_index(index)
        except (CalamineError, OSError, ValueError) as error:
            raise ContainerRefused("damaged", {"sheet": about.name}) from error
        if found.start is None or found.end is None:
            return Sheet(about.name, visibility)
        return Sheet(
            about.name,
            visibility,
            left=found.start[1],
            width=found.width,
            height=found.end[0] + 1,
            merges=found.merged_cell_ranges,
            _source=found.iter_rows if self._kind == "xlsx" else lambda: _floats(found.iter_rows()),
        )


def _floats(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """Old workbooks hold small whole numbers as integers; here every number is a float."""
    for row in rows:
        yield [float(cell) if cell.__class__ is int else cell for cell in row]


class _Text(Book):
    def __init__(self, name: str, text: str, delimiter: str, notes: list[str]) -> None:
        super().__init__([name], notes)
        self._text = text
        self._delimiter = delimiter
        self._width = self._height = 0
        for row in self._parse():
            self._height += 1
            self._width = max(self._width, len(row))

    def _parse(self) -> Iterator[list[str]]:
        try:
            yield from csv.reader(io.StringIO(self._text, newline=""), delimiter=self._delimiter)
        except csv.Error as error:
            raise ContainerRefused("damaged") from error

    def _rows(self) -> Iterator[list[str]]:
        width = self._width
        for row in self._parse():
            yield row if len(row) == width else row + [""] * (width - len(row))

    def sheet(self, index: int) -> Sheet:
        return Sheet(self.names[index], width=self._width, height=self._height, _source=self._rows)


class _Page(Book):
    """The tables of a web page, each as a sheet of text; a page of one table is named as the file is."""

    def __init__(self, name: str, tables: list[Table], notes: list[str]) -> None:
        one = len(tables) == 1
        names = [table.caption[:60] or (name if one else f"{name} {at}") for at, table in enumerate(tables, 1)]
        super().__init__([_unlike(names, at) for at in range(len(names))], notes)
        self._tables = tables

    def sheet(self, index: int) -> Sheet:
        table = self._tables[index]
        width = max(map(len, table.rows), default=0)
        height = len(table.rows)
        merges = [(begin, (min(down, height - 1), across)) for begin, (down, across) in table.merges]

        def rows() -> Iterator[list[str]]:
            for row in table.rows:
                yield row + [""] * (width - len(row))

        return Sheet(self.names[index], width=width, height=height, merges=merges, _source=rows)


def _unlike(names: list[str], at: int) -> str:
    """The name at a place, with a number when an earlier one is the same."""
    earlier = names[:at].count(names[at])
    return f"{names[at]} ({earlier + 1})" if earlier else names[at]


def open_book(path: Path, container: Container, limits: Limits, *, filename: str = "", encoding: str = "") -> Book:
    """Open the file at ``path`` by the kind the container check found.

    Raises ContainerRefused when the reader refuses it (password, damage, no sheets, unknown encoding).
    """
    if container.kind == "csv":
        book: Book = _open_text(path, container, limits, filename or path.name, encoding)
    elif container.kind == "html":
        text, used = decode(path.read_bytes(), encoding)
        name = Path(filename or path.name).stem or "html"
        book = _Page(name, tables_of(text, limits), [*container.notes, f"encoding:{used}"])
    else:
        try:
            book = _Workbook(CalamineWorkbook.from_path(str(path)), list(container.notes), container.kind)
        except PasswordError as error:
            raise ContainerRefused("encrypted") from error
        except (CalamineError, OSError, ValueError) as error:
            raise ContainerRefused("damaged") from error
    if not book.names:
        raise ContainerRefused("no_sheets")
    if len(book.names) > limits.sheets:
        raise ContainerRefused("too_many_sheets", {"count": len(book.names), "limit": limits.sheets})
    return book


def _open_text(path: Path, container: Container, limits: Limits, filename: str, encoding: str) -> Book:
    csv.field_size_limit(1 << 20)
    data = path.read_bytes()
    text, used = decode(data, encoding)
    notes = [*container.notes, f"encoding:{used}"]
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")
    if lines > limits.rows * 4:
        raise ContainerRefused("too_many_rows", {"sheet": "", "count": lines, "limit": limits.rows})
    delimiter = guess_delimiter(text[:_PROBE])
    book = _Text(Path(filename).stem or "csv", text, delimiter, notes)
    if book.sheet(0).width * lines > limits.cells * 3:
        raise ContainerRefused("too_many_cells", {"count": book.sheet(0).width * lines, "limit": limits.cells})
    return book


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """Bytes of a text file to text and the encoding used. ``encoding`` overrides the guess.

    Raises ContainerRefused("encoding_unknown") rather than put a replacement character in anybody's name.
    """
    guesses = [encoding] if encoding else [_marked(data) or _two_byte(data) or "utf-8", "gb18030"]
    for guess in guesses:
        try:
            text = data.decode(guess)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" in text[:_PROBE]:
            continue
        return text.removeprefix("\ufeff"), guess
    raise ContainerRefused("encoding_unknown")


def _marked(data: bytes) -> str:
    return next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "")


def _two_byte(data: bytes) -> str:
    """UTF-16 without a mark: commas, digits and line ends leave zero bytes on one side only."""
    head = data[:_PROBE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 8 and odd > 8 * even:
        return "utf-16-le"
    if even > 8 and even > 8 * odd:
        return "utf-16-be"
    return ""


def guess_delimiter(text: str) -> str:
    """Comma, tab or semicolon: the one that gives most lines the same number of columns (two at least)."""
    best, best_score = ",", 0
    for delimiter in (",", "\t", ";"):
        rows = islice(csv.reader(io.StringIO(text), delimiter=delimiter), 50)
        widths = [len(row) for row in rows if len(row) > 1]
        if not widths:
            continue
        score = max(widths.count(width) * width for width in set(widths))
        if score > best_score:
            best, best_score = delimiter, score
    return best
