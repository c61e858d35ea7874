"""A 汇总表 is compared with what was read from the other sheets, never imported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from mingchan.interfaces.exchange.understanding.amounts import parse_money, parse_quantity
from mingchan.interfaces.exchange.understanding.headings import Head, heading_key, heading_unit, unit_fen
from mingchan.interfaces.exchange.understanding.results import Compared, IssueBook, SheetSummary
from mingchan.interfaces.exchange.understanding.sources import group_label, system_of, tier_of
from mingchan.interfaces.exchange.understanding.text import compact

_TOTAL = re.compile(r"(合计|总计|共计)")
_COUNT = re.compile(r"条目|项数|条数|笔数|件数|资产数")
_QUANTITY = re.compile(r"数量|台数")
_AMOUNT = re.compile(r"金额|原值|价值|总值|支付|下达")
_MEASURES = ("rows", "quantity_milli", "cost_fen")


class Overview:
    """The figures of one summary sheet, kept until the other sheets are read."""

    def __init__(self, summary: SheetSummary, head: Head, rows: Iterable[list[Any]], left: int) -> None:
        self.summary = summary
        self.left = left
        self._columns: dict[int, tuple[str, int]] = {}
        for place, column in enumerate(head.columns):
            key = heading_key(column.heading)
            if _COUNT.search(key):
                self._columns[place] = ("rows", 0)
            elif _QUANTITY.search(key):
                self._columns[place] = ("quantity_milli", 0)
            elif _AMOUNT.search(key):
                self._columns[place] = ("cost_fen", unit_fen(heading_unit(column.heading) or head.unit) or 100)
        self.lines: list[tuple[int, str, dict[int, int]]] = []
        for number, row in enumerate(rows, 1):
            if number >= head.first_row:
                self._line(number, row)

    def _line(self, number: int, row: list[Any]) -> None:
        label = next(
            (
                group_label(cell.strip())
                for place, cell in enumerate(row)
                if isinstance(cell, str) and cell.strip() and place not in self._columns
            ),
            "",
        )
        figures: dict[int, int] = {}
        for place, (measure, factor) in self._columns.items():
            if place >= len(row) or row[place] == "":
                continue
            if measure == "rows":
                value, _flag = parse_quantity(row[place])
                value = None if value is None else value // 1000
            elif measure == "quantity_milli":
                value, _flag = parse_quantity(row[place])
            else:
                value, _flag = parse_money(row[place], factor)
            if value is not None:
                figures[place] = value
        if label and figures:
            self.lines.append((number, label, figures))

    def compare(self, sheets: list[SheetSummary], issues: IssueBook, letters: Any) -> None:
        """Fill the summary's ``compared`` and warn of every figure that differs."""
        registers = [sheet for sheet in sheets if sheet.kind == "register"]
        for number, label, figures in self.lines:
            matched = registers if _TOTAL.search(compact(label)) else _sheets_for(label, registers)
            for place, stated in figures.items():
                measure = self._columns[place][0]
                computed = sum(_figure(sheet, measure) for sheet in matched) if matched else None
                line = Compared(number, label, "、".join(sheet.name for sheet in matched), measure, stated, computed)
                self.summary.compared.append(line)
                if not line.agrees:
                    code = "summary_differs" if matched else "summary_unmatched"
                    issues.add(
                        "warning",
                        code,
                        self.summary.name,
                        number,
                        letters(place + self.left),
                        measure,
                        label,
                        {"label": label, "stated": stated, "computed": computed, "measure": measure},
                    )


def _figure(sheet: SheetSummary, measure: str) -> int:
    return sheet.rows if measure == "rows" else sheet.sums.get(measure, 0)


def _sheets_for(label: str, registers: list[SheetSummary]) -> list[SheetSummary]:
    """Sheets a line of the summary stands for: the same name, else one that holds it, else the same system and tier."""
    key = compact(label)
    same = [sheet for sheet in registers if compact(sheet.name) == key]
    found = same or [sheet for sheet in registers if key in compact(sheet.name) or compact(sheet.name) in key]
    if found:
        return found
    system, tier = system_of(label), tier_of(label, "", "", label)
    found = [sheet for sheet in registers if system and sheet.system == system]
    if len(found) > 1 and tier:
        found = [sheet for sheet in found if tier_of("", "", "", sheet.name) == tier]
    return found if len(found) == 1 else []
