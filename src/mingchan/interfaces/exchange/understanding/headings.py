"""Finds a table's head in an untidy sheet, flattens it, and says which column is which and how sure that is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mingchan.interfaces.exchange.reading.parts import Merge
from mingchan.interfaces.exchange.understanding.amounts import UNIT_FEN
from mingchan.interfaces.exchange.understanding.catalogue import (
    APPROPRIATION,
    COLUMNS,
    FUND_USE,
    NOTES,
    PARENT_WORDS,
    REGISTER,
    SUMMARY,
    SURVEY,
    SURVEY_TELLING,
    UNKNOWN,
    Field,
)
from mingchan.interfaces.exchange.understanding.dates import parse_date
from mingchan.interfaces.exchange.understanding.text import compact, original_text

LOOKED_AT = 40
HEAD_ROWS = 3
SURE_ENOUGH = 0.55
_UNIT = r"(?:人民币)?(百万元|亿元|万元|千元|元)"
_UNIT_LINE = re.compile(rf"(?:金额)?单位(?:\([^)]*\))?[:：]{_UNIT}")
_UNIT_TITLE = re.compile(rf"\((?:单位[:：]?)?{_UNIT}\)")
_UNIT_HEAD = re.compile(rf"[(/:：,](?:单位[:：]?)?{_UNIT}(?:/.{{1,3}})?\)?$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_OFFICE = re.compile(r"(?:填报|报送|编制|填表|上报)单位\s*(?:[（(][^）)]*[)）])?\s*[:：]\s*(\S+)")
_REPORTED = re.compile(r"(?:填报|报送|编制|填表|上报|制表)(?:日期|时间)\s*[:：]\s*([0-9０-９年月日./\-]+)")
_BOOK_YEAR = re.compile(r"(20[0-9]{2})\s*年?度")
_TELLING = {
    FUND_USE: frozenset({"payee", "item", "purpose", "contract_no", "invoice_no", "asset", "expense"}),
    APPROPRIATION: frozenset({"document_no", "level"}),
}
_SURVEY_WORDS = ("调查", "摸底", "盘点")
_AFTER_WORD = ("名称", "姓名", "情况", "单位", "人", "全称", "明细", "日期", "时间")


@dataclass
class Column:
    """One column of a head: where it stands, its flattened heading, and what it was taken for."""

    index: int
    letter: str
    heading: str
    field: str = ""
    confidence: float = 0.0
    unit: str = ""
    corrected: bool = False


@dataclass
class Head:
    """What stands above the data. Rows are 1-based; ``first_row`` is the first row that may hold data."""

    kind: str = UNKNOWN
    title: str = ""
    lines: list[str] = field(default_factory=list)
    unit: str = ""
    office: str = ""
    reported_on: str = ""
    year: int | None = None
    header_rows: tuple[int, int] | None = None
    first_row: int = 1
    columns: list[Column] = field(default_factory=list)
    shape: str = ""

    def column(self, name: str) -> Column | None:
        """The column taken for field ``name``."""
        return next((column for column in self.columns if column.field == name), None)


def heading_key(text: str) -> str:
    """A heading without blanks, brackets, money unit and width differences."""
    key = _BRACKETS.sub("", compact(text).replace("（", "(").replace("）", ")"))
    key = _UNIT_HEAD.sub("", key)
    return key.strip("*：:、.").removeprefix("其中:")


def heading_unit(text: str) -> str:
    """The money unit a heading names (元, 万元 …) or ""."""
    found = _UNIT_HEAD.search(compact(text).replace("（", "(").replace("）", ")"))
    return found[1] if found else ""


def _words(kind: str) -> dict[str, tuple[Field, float]]:
    words: dict[str, tuple[Field, float]] = {}
    for column in COLUMNS[kind]:
        for place, word in enumerate(column.words):
            words.setdefault(heading_key(word), (column, 1.0 if place == 0 else max(0.8, 0.97 - place * 0.01)))
    return words


WORDS = {kind: _words(kind) for kind in COLUMNS}
_ALL_WORDS = (
    frozenset(word for words in WORDS.values() for word in words)
    | PARENT_WORDS
    | {
        "条目数",
        "体系",
        "净值",
        "累计折旧",
        "合同编号",
        "单价元",
        "系统名称",
        "项目类型",
        "分类",
    }
)


def find_head(
    rows: Sequence[Sequence[Any]],
    *,
    sheet_name: str,
    left: int,
    merges: Sequence[Merge] | None,
    letter: Any,
    mapping: dict[int, str] | None = None,
    forced_kind: str = "",
) -> Head:
    """Understand the first rows of a sheet. ``left`` is the sheet column of each row's first value.

    ``mapping`` (sheet column index to field, "" to leave a column out) overrides what the headings say.
    """
    head = Head()
    block = _head_block(rows, left, merges)
    above = rows if block is None else rows[: block[0]]
    _read_lines(head, above[:LOOKED_AT])
    book_year = _BOOK_YEAR.search(" ".join([head.title, *head.lines, sheet_name]))
    head.year = int(book_year[1]) if book_year else None
    if block is None:
        head.kind = forced_kind or _kind_without_head(rows, sheet_name, head)
        return head
    first, last = block
    head.header_rows = (first + 1, last + 1)
    head.first_row = last + 2
    headings = _flatten(rows[first : last + 1], first, left, merges)
    head.shape = hashlib.sha256("\x1f".join(_shape_key(text) for text in headings).encode()).hexdigest()[:32]
    kind, columns = _best_kind(headings, left, letter, sheet_name, head, mapping, forced_kind)
    head.kind, head.columns = kind, columns
    for column in columns:
        column.unit = heading_unit(column.heading)
    return head


def _shape_key(heading: str) -> str:
    return "/".join(heading_key(part) for part in heading.split("/"))


def _texts(row: Sequence[Any]) -> list[str]:
    return [compact(value) if isinstance(value, str) else "" for value in row]


def _hits(row: Sequence[Any]) -> tuple[int, int, int]:
    """Known headings, non-empty cells, and numbers or dates in a row."""
    known = filled = numbers = 0
    for value in row:
        if value == "":
            continue
        filled += 1
        if not isinstance(value, str):
            numbers += 1
        elif len(value) <= 40 and heading_key(value) in _ALL_WORDS:
            known += 1
    return known, filled, numbers


def _head_block(rows: Sequence[Sequence[Any]], left: int, merges: Sequence[Merge] | None) -> tuple[int, int] | None:
    scores = [_hits(row) for row in rows[:LOOKED_AT]]
    best = None
    for number, (known, filled, numbers) in enumerate(scores):
        if known >= 2 and numbers <= known and known * 5 >= filled * 2 and (best is None or known > scores[best][0]):
            best = number
    if best is None:
        return None
    first = last = best
    while first > 0 and best - first < HEAD_ROWS - 1 and _belongs_above(rows, first - 1, scores, left, merges):
        first -= 1
    if merges:
        for (row, column), (row_end, column_end) in merges:
            across = first <= row <= last and row_end > last and row_end - first < HEAD_ROWS
            if across and column_end >= left and column_end - column < 3:
                last = row_end
    while last + 1 < len(scores) and last + 1 - first < HEAD_ROWS:
        known, filled, numbers = scores[last + 1]
        blank_above = any(
            rows[last + 1][place] != "" and rows[last][place] == "" for place in range(len(rows[last + 1]))
        )
        if not (known >= 2 and numbers == 0 and known * 2 >= filled and (blank_above or known == filled)):
            break
        last += 1
    return first, last


def _belongs_above(
    rows: Sequence[Sequence[Any]],
    number: int,
    scores: list[tuple[int, int, int]],
    left: int,
    merges: Sequence[Merge] | None,
) -> bool:
    """True when the row above the best one is part of the head: parents over it, or headings merged down into it."""
    known, filled, numbers = scores[number]
    if filled < 2 or numbers:
        return False
    if merges and any(row == number and row_end > number and column >= left for (row, column), (row_end, _) in merges):
        return True
    return known * 2 >= filled


def _flatten(block: Sequence[Sequence[Any]], first: int, left: int, merges: Sequence[Merge] | None) -> list[str]:
    width = max(len(row) for row in block)
    grid = [[original_text(value).strip() for value in row] + [""] * (width - len(row)) for row in block]
    covered: set[tuple[int, int]] = set()
    for (row, column), (row_end, column_end) in merges or ():
        if row_end < first or row >= first + len(block):
            continue
        top = max(row - first, 0)
        for down in range(top, min(row_end - first, len(block) - 1) + 1):
            for across in range(max(column - left, 0), min(column_end - left, width - 1) + 1):
                covered.add((down, across))
                if 0 <= column - left < width and row >= first:
                    grid[down][across] = grid[row - first][column - left]
    for down in range(len(grid) - 1):
        for across in range(1, width):
            if (
                grid[down][across] == ""
                and (down, across) not in covered
                and grid[down + 1][across] != ""
                and (merges is None)
            ):
                grid[down][across] = grid[down][across - 1]
    headings = []
    for across in range(width):
        parts: list[str] = []
        for line in grid:
            text = " ".join(line[across].split())
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        headings.append("/".join(part.replace("/", "／") if len(parts) > 1 else part for part in parts))
    return headings


def _read_lines(head: Head, rows: Sequence[Sequence[Any]]) -> None:
    for row in rows:
        seen: list[str] = []
        for value in row:
            if isinstance(value, str) and value.strip() and value.strip() not in seen:
                seen.append(value.strip())
        if not seen:
            continue
        line = "  ".join(seen)
        head.lines.append(line[:300])
        tight = compact(line)
        unit = _UNIT_LINE.search(tight)
        title_unit = _UNIT_TITLE.search(tight.replace("（", "(").replace("）", ")"))
        if unit or title_unit:
            head.unit = head.unit or (unit or title_unit)[1]  # type: ignore[index]
        office = _OFFICE.search(line)
        if office:
            head.office = head.office or office[1]
        reported = _REPORTED.search(line)
        if reported and not head.reported_on:
            parsed, _flag = parse_date(reported[1], "")
            head.reported_on = parsed[0] if parsed else ""
        if not head.title and not (unit or office or reported):
            head.title = line[:200]
    if not head.title and head.lines:
        head.title = head.lines[0][:200]


def _kind_without_head(rows: Sequence[Sequence[Any]], sheet_name: str, head: Head) -> str:
    widest = max((sum(value != "" for value in row) for row in rows), default=0)
    if "说明" in sheet_name or "说明" in head.title or (widest <= 1 and rows):
        return NOTES
    return UNKNOWN


def match(heading: str, kind: str) -> tuple[Field | None, float]:
    """The field a flattened heading names in a kind of sheet, and how sure that is (0 to 1)."""
    words = WORDS[kind]
    parts = [heading_key(part) for part in heading.split("/")] or [""]
    whole = heading_key(heading)
    for text, weight in (("/".join(parts), 1.0), (whole, 1.0), ("/".join(parts[-2:]), 0.99), (parts[-1], 0.95)):
        if text in words:
            column, sure = words[text]
            return column, round(sure * (weight if len(parts) > 1 else 1.0), 2)
    key = parts[-1]
    found: tuple[Field | None, float] = (None, 0.0)
    for word, (column, _sure) in words.items():
        if len(word) < 2 or word not in key:
            continue
        rest = key[len(word) :] if key.startswith(word) else ""
        if key.endswith(word):
            sure = 0.5 + 0.35 * len(word) / len(key)
        elif rest in _AFTER_WORD:
            sure = 0.45 + 0.35 * len(word) / len(key)
        else:
            continue
        if sure > found[1]:
            found = column, round(sure, 2)
    return found


def _assign(headings: Sequence[str], kind: str, left: int, letter: Any, mapping: dict[int, str] | None) -> list[Column]:
    columns = [Column(left + place, letter(left + place), heading) for place, heading in enumerate(headings)]
    taken: set[str] = set()
    for column in columns:
        if mapping is not None and column.index in mapping:
            column.field, column.confidence, column.corrected = mapping[column.index], 1.0, True
            taken.add(column.field)
    proposals = []
    for place, column in enumerate(columns):
        if column.corrected or not column.heading:
            continue
        named, sure = match(column.heading, kind)
        if named is not None:
            proposals.append((-sure, place, named.name))
    for minus, place, name in sorted(proposals):
        if -minus < SURE_ENOUGH or (name in taken and name != "_number"):
            continue
        columns[place].field, columns[place].confidence = name, -minus
        taken.add(name)
    return columns


def _best_kind(
    headings: Sequence[str],
    left: int,
    letter: Any,
    sheet_name: str,
    head: Head,
    mapping: dict[int, str] | None,
    forced_kind: str,
) -> tuple[str, list[Column]]:
    about = sheet_name + head.title
    best, best_score, best_columns = UNKNOWN, 0.0, _assign(headings, REGISTER, left, letter, mapping)
    for kind in COLUMNS:
        if forced_kind and kind != forced_kind:
            continue
        columns = _assign(headings, kind, left, letter, mapping)
        fields = {column.field for column in columns}
        needed = {field.name for field in COLUMNS[kind] if field.required}
        if kind == SURVEY:
            told = bool(fields & SURVEY_TELLING) or {"book_quantity", "quantity"} <= fields
            whole = needed <= fields and (told or any(word in about for word in _SURVEY_WORDS))
        elif kind == REGISTER:
            whole = "name" in fields and bool(fields & {"cost", "unit_price", "quantity"})
        else:
            told = bool(fields & _TELLING[kind]) or "投向" in about or "下达" in about
            whole = needed <= fields and told
        score = sum(column.confidence for column in columns if column.field != "_number")
        score += {
            REGISTER: 1.5 * ("资产" in about),
            FUND_USE: 1.5 * ("投向" in about or "使用明细" in about),
            APPROPRIATION: 1.5 * ("下达" in about),
            SURVEY: 4.0,
        }[kind]
        if (whole or forced_kind) and score > best_score:
            best, best_score, best_columns = kind, score, columns
    named = sum(1 for column in best_columns if column.field)
    if forced_kind:
        return forced_kind, best_columns
    if "汇总" in about and (best == UNKNOWN or named < 8):
        return SUMMARY, best_columns
    return best, best_columns


def unit_fen(unit: str) -> int:
    """Fen in one money unit; 0 when the unit is unknown."""
    return UNIT_FEN.get(unit, 0)
