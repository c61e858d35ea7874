"""Reads the body of a table in batches: blank, total, group and signature lines are told from data rows, marks that
mean "as above" are resolved, stated totals are checked, and each kind of sheet adds its own row rules."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from mingchan.interfaces.exchange.reading.cells import Sheet
from mingchan.interfaces.exchange.reading.parts import column_letter, column_number
from mingchan.interfaces.exchange.reading.refusals import ContainerRefused
from mingchan.interfaces.exchange.understanding.amounts import parse_money, parse_quantity
from mingchan.interfaces.exchange.understanding.catalogue import field_of
from mingchan.interfaces.exchange.understanding.columns import CompiledColumn, Notes, Parser, parser_for, whole_for
from mingchan.interfaces.exchange.understanding.headings import Head, unit_fen
from mingchan.interfaces.exchange.understanding.results import IssueBook, SheetSummary, StatedTotal
from mingchan.interfaces.exchange.understanding.sources import group_label, system_of
from mingchan.interfaces.exchange.understanding.text import MERGED, Parsed, compact, is_ditto, original_text

BATCH = 2_000
_TOTAL_NAMES = (
    "小计",
    "合计",
    "总计",
    "共计",
    "累计",
    "总合计",
    "本页小计",
    "本页合计",
    "合 计",
    "小 计",
    "总 计",
    "合  计",
    "小  计",
    "总  计",
    "合　计",
    "小　计",
    "总　计",
    "合　　计",
)
_TOTALS = frozenset(_TOTAL_NAMES) | {f"{name}{colon}" for name in _TOTAL_NAMES for colon in ":："}
_TOTAL = re.compile(r"^.{0,20}?(小计|合计|总计|共计|累计)(?:[(（].*[)）])?[:：]?$")
_TOTAL_ENDS = frozenset("计)）:： \u3000")
_SIGNED = re.compile(
    r"(单位负责人|负责人|审核人|审核|制表人|制表|填表人|填报人|经办人|复核人|分管领导|主管领导|"
    r"联系电话|联系人|盖章|会计|"
    r"填表日期|填报日期|日期|签字|签章)(?:[（(].{0,8}[)）])?\s*[:：]"
)
_NOTE = re.compile(r"^\s*(注|备注|说明|填表说明|附注|注释)\s*[:：]|^\s*注[0-9一二三]")
_FIGURES = ("money", "quantity", "counted")
_BLANK = ("", None)


class TableReader(ABC):
    """One sheet of data. A kind adds ``KIND``, ``KEY`` (the field a data row must have), ``MONEY`` and "
    "``assemble``."""

    KIND = ""
    KEY: tuple[str, ...] = ()
    SUMS: dict[str, str] = {}
    DEFERRED: dict[str, frozenset[str]] = {}

    def __init__(self, sheet: Sheet, head: Head, issues: IssueBook, options: Any) -> None:
        self.sheet = sheet
        self.head = head
        self.issues = issues
        self.options = options
        self.system = system_of(sheet.name) or system_of(head.title)
        self.group: dict[str, str] = {}
        self.groups: list[dict[str, str]] | None = None
        self.rows = 0
        self.skipped: dict[str, int] = {}
        self.stated: list[StatedTotal] = []
        self.sums: dict[str, int] = dict.fromkeys(self.SUMS.values(), 0)
        self._since: dict[str, dict[str, int]] = {}
        self._leading: list[tuple[int, str, dict[str, int]]] = []
        self.columns: dict[str, CompiledColumn] = {}
        self._factors: dict[str, int] = {}
        self._compile()
        self.key = next((self.columns[name] for name in self.KEY if name in self.columns), None)
        self._summed = [self.columns[name].place for name in self.SUMS if name in self.columns]
        self._key_heading = next(
            (
                column.heading.rpartition("/")[2]
                for column in head.columns
                if self.key is not None and column.letter == self.key.letter
            ),
            "",
        )
        self._lead = self._lead_places()
        self._fills = self._merged_cells()
        self._lost: dict[int, dict[int, str]] = {}
        self._changes = options.corrections_of(sheet.name)
        self._dropped = options.skipped_of(sheet.name)

    def _compile(self) -> None:
        for column in self.head.columns:
            field = field_of(self.KIND, column.field)
            if field is None or field.reader == "ignore":
                continue
            unit = column.unit or self.head.unit
            parse = parser_for(field, factor=unit_fen(unit) or 100, today=self.options.today)
            if field.name in self.KEY:
                parse = _no_total(parse)
            self._factors[column.letter] = unit_fen(unit) or 100
            self.columns[field.name] = CompiledColumn(
                field,
                column.index - self.sheet.left,
                column.letter,
                parse,
                self.DEFERRED.get(field.name, frozenset()),
                whole_for(field, factor=unit_fen(unit) or 100, key=field.name in self.KEY),
            )

    def _lead_places(self) -> list[int]:
        """Positions where a total word may stand: the columns up to the key, without numbers and dates."""
        last = self.key.place if self.key is not None else 1
        counted = {
            column.place
            for column in self.columns.values()
            if column.field.reader not in ("text", "person", "code", "funding")
        }
        return [place for place in range(min(last + 1, self.sheet.width)) if place not in counted] or [0]

    def _merged_cells(self) -> dict[int, list[int]]:
        """Row number to positions covered by a merge reaching down from a row above (text columns only)."""
        texts = {column.place: column for column in self.columns.values() if column.field.reader not in _FIGURES}
        fills: dict[int, list[int]] = {}
        for (row, column), (row_end, _column_end) in self.sheet.merges or ():
            place = column - self.sheet.left
            if row_end > row and row + 1 >= self.head.first_row and place in texts:
                for number in range(row + 2, min(row_end + 1, self.sheet.height) + 1):
                    fills.setdefault(number, []).append(place)
        return fills

    def put_back(self, lost: list[tuple[int, str, str]]) -> None:
        """Error values (#REF! …) the reader dropped: row, column letter, text."""
        for number, letter, text in lost:
            self._lost.setdefault(number, {})[column_number(letter)] = text

    def batches(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        """Consume the sheet's rows (from row 1), yield batches of output rows.

        Raises ContainerRefused("too_many_rows") beyond the workbook's limit of data rows.
        """
        batch: list[list[Any]] = []
        start = 1
        first = self.head.first_row
        for number, row in enumerate(rows, 1):
            if number < first:
                start = number + 1
                continue
            batch.append(row)
            if len(batch) == BATCH:
                yield self._batch(batch, start)
                batch, start = [], number + 1
        if batch:
            yield self._batch(batch, start)
        self._close()

    def _batch(self, batch: list[list[Any]], start: int) -> list[Any]:
        corrected = self._prepare(batch, start)
        kept, numbers, totals = self._data_rows(batch, start)
        self.options.count_rows(self.sheet.name, len(kept))
        notes = Notes(self.issues, self.sheet.name, numbers)
        if kept:
            raw = list(zip(*kept, strict=True))
            values = {name: column.read(raw[column.place], notes) for name, column in self.columns.items()}
        else:
            raw, values = [], {name: [] for name in self.columns}
        if corrected:
            self._restore(corrected, numbers, notes)
        out = self.assemble(values, raw, notes, len(kept)) if kept else []
        self._sum_up(values, totals, len(kept))
        self.rows += len(kept)
        return out

    @abstractmethod
    def assemble(self, values: dict[str, list[Any]], raw: list[tuple[Any, ...]], notes: Notes, count: int) -> list[Any]:
        """Apply the kind's row rules and put the output rows together."""

    def _prepare(self, batch: list[list[Any]], start: int) -> dict[int, dict[str, str]]:
        """Put in corrections and merged values; returns the workbook's own text of every corrected cell."""
        corrected: dict[int, dict[str, str]] = {}
        for number, texts in self._lost.items():
            if start <= number < start + len(batch):
                row = batch[number - start]
                for place, text in texts.items():
                    at = place - self.sheet.left
                    if 0 <= at < len(row) and row[at] == "":
                        row[at] = text
        for number, changes in self._changes.items():
            if start <= number < start + len(batch):
                row = batch[number - start]
                for place, text in changes.items():
                    at = place - self.sheet.left
                    if 0 <= at < len(row):
                        corrected.setdefault(number, {})[column_letter(place)] = original_text(row[at])
                        row[at] = text
        if self._fills:
            for offset, row in enumerate(batch):
                for at in self._fills.get(start + offset, ()):
                    if row[at] == "":
                        row[at] = MERGED
        return corrected

    def _restore(self, corrected: dict[int, dict[str, str]], numbers: list[int], notes: Notes) -> None:
        for place, number in enumerate(numbers):
            for letter, text in corrected.get(number, {}).items():
                notes.original(place, letter, text)

    def _data_rows(self, batch: list[list[Any]], start: int) -> tuple[list[list[Any]], list[int], list[Any]]:
        """Data rows with their numbers, and the total lines with the number of data rows before each."""
        odd = self._odd_places(batch)
        self.groups = None
        if not odd and not self._dropped and not self.group:
            self.before_columns(batch)
            return batch, list(range(start, start + len(batch))), []
        kept: list[list[Any]] = []
        numbers: list[int] = []
        totals: list[Any] = []
        groups: list[dict[str, str]] = []
        for offset, row in enumerate(batch):
            number = start + offset
            if number in self._dropped:
                self._skip("dropped")
                continue
            if offset in odd:
                sort, label = self._sort_of(row)
                if sort == "total":
                    totals.append((len(kept), number, label, row))
                if sort == "group":
                    self._enter_group(label)
                if sort != "data":
                    self._skip(sort)
                    continue
            groups.append(self.group)
            kept.append(row)
            numbers.append(number)
        self.groups = groups if any(groups) else None
        self.before_columns(kept)
        return kept, numbers, totals

    def before_columns(self, rows: list[list[Any]]) -> None:  # noqa: B027 - most kinds change nothing
        """A kind's changes to raw rows before they are parsed (values carried down a group)."""

    def _skip(self, sort: str) -> None:
        self.skipped[sort] = self.skipped.get(sort, 0) + 1

    def _odd_places(self, batch: list[list[Any]]) -> set[int]:
        """Rows that may be no data: no key, or a total word before the key."""
        odd: set[int] = set()
        if self.key is not None:
            at = self.key.place
            keys = [row[at] for row in batch]
            if self.key.whole is None or self.key.whole(tuple(keys)) is None:
                memory = self.key.memory
                parsed = [memory[key] if key.__class__ is not bool else None for key in keys]
                odd.update(place for place, value in enumerate(parsed) if value is None)
            if self._key_heading in keys:
                odd.update(place for place, key in enumerate(keys) if key == self._key_heading)
        if self._summed:
            first, *others = self._summed
            bare = [place for place, row in enumerate(batch) if row[first] == ""]
            odd.update(place for place in bare if all(batch[place][at] == "" for at in others))
        for at in self._lead:
            cells = [row[at] for row in batch]
            if not _TOTALS.isdisjoint(cells):
                odd.update(place for place, cell in enumerate(cells) if cell in _TOTALS)
        return odd

    def _sort_of(self, row: list[Any]) -> tuple[str, str]:
        filled = [
            (at, cell)
            for at, cell in enumerate(row)
            if cell != "" and cell != MERGED and not (cell.__class__ is str and cell.isspace())
        ]
        if not filled:
            return "blank", ""
        _at, first = filled[0]
        text = compact(first) if isinstance(first, str) else ""
        for place, cell in filled:
            if place in self._lead and isinstance(cell, str) and _TOTAL.match(compact(cell)):
                return "total", compact(cell)
        if _TOTAL.match(text):
            return "total", text
        if any(isinstance(cell, str) and _SIGNED.search(cell) for _, cell in filled) and not self._has_numbers(row):
            return "signature", ""
        if isinstance(first, str) and _NOTE.match(first):
            return "note", ""
        if self._repeats_head(row):
            return "head", ""
        texts = {cell for _, cell in filled}
        if len(texts) == 1 and isinstance(first, str) and not is_ditto(first):
            return "group", first.strip()
        if len(filled) == 1 and isinstance(first, float):
            return "blank", ""
        if self.key is not None and is_ditto(original_text(row[self.key.place])):
            return "data", ""
        return "data", ""

    def _has_numbers(self, row: list[Any]) -> bool:
        return any(
            isinstance(row[column.place], float) or original_text(row[column.place]).strip()[:1].isdigit()
            for column in self.columns.values()
            if column.field.reader in _FIGURES
        )

    def _repeats_head(self, row: list[Any]) -> bool:
        same = sum(
            1
            for column in self.head.columns
            if column.heading
            and isinstance(row[column.index - self.sheet.left], str)
            and compact(row[column.index - self.sheet.left]) in _readings(column.heading)
        )
        return same >= 3

    def _enter_group(self, label: str) -> None:
        label = group_label(label)
        if system_of(label):
            self.group = {"system": system_of(label)}
        elif label.endswith(("乡", "镇", "街道")) and len(label) < 10:
            self.group = self.group | {"town": label}

    def _total_values(self, row: list[Any]) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, total in self.SUMS.items():
            column = self.columns.get(name)
            if column is None or row[column.place] in _BLANK:
                continue
            raw = row[column.place]
            if column.field.reader in ("quantity", "counted"):
                value, _flag = parse_quantity(raw)
            else:
                value, _flag = parse_money(raw, self._factors[column.letter])
            if value is not None:
                found[total] = value
        return found

    def _sum_up(self, values: dict[str, list[Any]], totals: list[Any], count: int) -> None:
        names = [(name, total) for name, total in self.SUMS.items() if name in values]
        begin = 0
        for before, number, label, row in [*totals, (count, 0, "", None)]:
            for name, total in names:
                part = sum(filter(None, values[name][begin:before]))
                self.sums[total] += part
                for since in self._since.values():
                    since[total] += part
            begin = before
            if row is not None:
                self._check_total(number, label, self._total_values(row), self.rows + before)

    def _check_total(self, number: int, label: str, stated: dict[str, int], rows_before: int) -> None:
        if rows_before == 0:
            self._leading.append((number, label, stated))
            return
        small = "小计" in label
        zero = dict.fromkeys(self.SUMS.values(), 0)
        since = self._since.get("small" if small else "large")
        candidates = [since if since is not None else self.sums, self.sums]
        if not small:
            candidates.reverse()
        for total, value in stated.items():
            computed = next((one[total] for one in candidates if one[total] == value), candidates[0][total])
            self._state(number, label, total, value, computed)
        self._since["small"] = dict(zero)
        if not small:
            self._since["large"] = dict(zero)

    def _state(self, number: int, label: str, total: str, stated: int, computed: int) -> None:
        line = StatedTotal(number, label, total, stated, computed)
        self.stated.append(line)
        if not line.agrees:
            field = next(name for name, one in self.SUMS.items() if one == total)
            self.issues.add(
                "warning",
                "total_differs",
                self.sheet.name,
                number,
                self.columns[field].letter,
                field,
                label,
                {"label": label, "stated": stated, "computed": computed, "measure": total},
            )

    def _close(self) -> None:
        for number, label, stated in self._leading:
            for total, value in stated.items():
                self._state(number, label, total, value, self.sums[total])

    def finish(self, summary: SheetSummary) -> None:
        """Write counts, sums and stated totals into the sheet's summary."""
        summary.rows = self.rows
        summary.sums = self.sums
        summary.stated = self.stated
        summary.stated_agree = all(line.agrees for line in self.stated) if self.stated else None
        summary.skipped = self.skipped
        summary.system = self.system

    def per_row(self, values: dict[str, list[Any]], name: str) -> Any:
        """A column's values for ``zip``: None for every row when the sheet has no such column."""
        return values.get(name) or repeat(None)


def _no_total(parse: Parser) -> Parser:
    """A key cell holding a total word or a signature ("审核人：…") is no key."""

    def parsed(raw: Any) -> Parsed:
        if isinstance(raw, str) and raw:
            if raw[-1] in _TOTAL_ENDS and _TOTAL.match(compact(raw)):
                return None, None
            if ("：" in raw or ":" in raw) and _SIGNED.match(raw):
                return None, None
        return parse(raw)

    return parsed


def _readings(heading: str) -> tuple[str, ...]:
    """A flattened heading and its first and last part: what a repeated head may show in its place."""
    whole = compact(heading)
    return whole, whole.partition("/")[0], whole.rpartition("/")[2]


def refuse_rows(sheet: str, count: int, limit: int) -> None:
    """Raise ContainerRefused when a workbook has more data rows than one import may have."""
    if count > limit:
        raise ContainerRefused("too_many_rows", {"sheet": sheet, "count": count, "limit": limit})
