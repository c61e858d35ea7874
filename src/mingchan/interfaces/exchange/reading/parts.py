"""Counts what a worksheet part really holds, without building its cells.

The ``dimension`` a workbook declares is not believed: rows, cells and the far corner are counted from the cells.
The reader drops error values (``#REF!``) and formulas without a stored value, so their places are noted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

Merge = tuple[tuple[int, int], tuple[int, int]]

_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_DIGITS = b"0123456789"
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*\bt="e"[^>]*>(?:(?!</(?:\w+:)?c>).)*?'
    rb"<(?:\w+:)?v>([^<]{1,40})<",
    re.S,
)
_LOST_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>'
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?</(?:\w+:)?c>"
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s[^>]*\bhidden="(?:1|true)"')
_E, _F, _H = b"efh"  # one byte is found far faster than a word: most parts hold none of these letters
_NOTED_AT_MOST = 500
_LONGEST_TAIL = 4 * 1024 * 1024


def column_number(letters: str) -> int:
    """Column letters to a number from 0 (A is 0)."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letter(number: int) -> str:
    """A column number from 0 to its letters (0 is A)."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass
class PartFacts:
    """What was counted in one worksheet part. Rows are 1-based, columns 0-based."""

    cells: int = 0
    rows: int = 0
    last_row: int = 0
    last_column: int = -1
    error_cells: list[tuple[int, str, str]] = field(default_factory=list)
    lost_formulas: list[tuple[int, str]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0

    @property
    def box(self) -> int:
        """Cells of the rectangle from A1 to the far corner: what a reader has to allocate."""
        return self.last_row * (self.last_column + 1)


def count_part(pieces: Iterable[bytes]) -> PartFacts:
    """Count a worksheet's XML given in pieces. Never raises for malformed XML: it counts what it recognises."""
    facts = PartFacts()
    tail = b""
    for piece in pieces:
        text = tail + piece
        cut = max(text.rfind(b"</row>"), text.rfind(b":row>"))
        if cut < 0:
            tail = text if len(text) < _LONGEST_TAIL else text[-256:]
            continue
        cut = text.index(b">", cut) + 1
        _count_rows(text[:cut], facts)
        tail = text[cut:]
    _count_rows(tail, facts)
    return facts


def _count_rows(text: bytes, facts: PartFacts) -> None:
    facts.cells += text.count(b"<c ") or text.count(b"<c>") or text.count(b":c ") + text.count(b":c>")
    last_row, last_column, rows = facts.last_row, facts.last_column, facts.rows
    known = b""
    for row in text.split(b"</row>") if b"</row>" in text else _ROW_END.split(text):
        at = row.rfind(b' r="') + 4
        if at < 4:
            continue
        place = row[at : at + 11].partition(b'"')[0]
        letters = place.rstrip(_DIGITS)
        number = place[len(letters) :]
        if not letters or not number or not letters.isalpha():
            continue
        rows += 1
        if letters != known:
            known = letters
            last_column = max(last_column, column_number(letters[:3].decode("ascii", "replace").upper()))
        last_row = max(last_row, int(number))
    facts.last_row, facts.last_column, facts.rows = last_row, last_column, rows
    _note_places(text, facts)


def _note_places(text: bytes, facts: PartFacts) -> None:
    if _E in text and b't="e"' in text:
        for found in _ERROR_CELL.finditer(text):
            if len(facts.error_cells) < _NOTED_AT_MOST:
                facts.error_cells.append((int(found[2]), found[1].decode(), found[3].decode("utf-8", "replace")))
    if _F in text and (b"<f" in text or b":f" in text):
        for found in _LOST_FORMULA.finditer(text):
            if len(facts.lost_formulas) < _NOTED_AT_MOST:
                facts.lost_formulas.append((int(found[2]), found[1].decode()))
    if _H in text and b"hidden=" in text:
        facts.hidden_rows += len(_HIDDEN_ROW.findall(text))
        facts.hidden_columns += len(_HIDDEN_COLUMN.findall(text))
