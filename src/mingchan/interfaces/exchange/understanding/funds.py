"""Where the money went (资金投向使用明细) and what was allotted (资金下达); clause 三(一)."""

from __future__ import annotations

from itertools import repeat
from typing import Any

from mingchan.interfaces.exchange.understanding.catalogue import APPROPRIATION, FUND_USE
from mingchan.interfaces.exchange.understanding.columns import Notes
from mingchan.interfaces.exchange.understanding.sources import system_of
from mingchan.interfaces.exchange.understanding.tables import TableReader
from mingchan.interfaces.exchange.understanding.text import original_text


class _FundReader(TableReader):
    AMOUNT = ""

    def _missing_amounts(self, values: dict[str, list[Any]], raw: list[tuple[Any, ...]], notes: Notes) -> None:
        column = self.columns[self.AMOUNT]
        for place, amount in enumerate(values[self.AMOUNT]):
            if amount is None and not original_text(raw[column.place][place]).strip():
                notes.issue("error", "amount_missing", place, column.letter, self.AMOUNT)

    def _first(self, values: dict[str, list[Any]], name: str) -> Any:
        return [one[0] if one else None for one in values[name]] if name in values else repeat(None)

    def _second(self, values: dict[str, list[Any]], name: str) -> Any:
        return [one[1] if one else None for one in values[name]] if name in values else repeat(None)

    def _kept(self, kept: dict[int, Any], count: int) -> Any:
        return [kept.get(place) for place in range(count)] if kept else repeat(None)


class FundUseReader(_FundReader):
    """A sheet of payments: each was paid, and became assets, expense, or both."""

    KIND = FUND_USE
    KEY = ("item", "line")
    AMOUNT = "paid"
    SUMS = {"paid": "paid_fen", "asset": "asset_fen", "expense": "expense_fen"}

    def assemble(self, values: dict[str, list[Any]], raw: list[tuple[Any, ...]], notes: Notes, count: int) -> list[Any]:
        """Rows in the order of ``FUND_USE_FIELDS``."""
        self._missing_amounts(values, raw, notes)
        self._parts(values, notes)
        column = self.per_row
        lines = values.get("line") or [None] * count
        purposes = values.get("purpose")
        items = self._items(values.get("item"), purposes, count)
        systems = [self._system(place, lines[place], items[place]) for place in range(count)]
        return list(
            zip(
                notes.numbers,
                lines,
                self._first(values, "funding"),
                self._second(values, "funding"),
                column(values, "document_no"),
                items,
                column(values, "payee"),
                self._first(values, "paid_on"),
                self._second(values, "paid_on"),
                values["paid"],
                column(values, "asset"),
                column(values, "expense"),
                systems,
                column(values, "note"),
                column(values, "purpose"),
                column(values, "contract_no"),
                column(values, "invoice_no"),
                self._kept(notes.originals, count),
                self._kept(notes.ditto, count),
                strict=False,
            )
        )

    def _items(self, items: list[Any] | None, purposes: list[Any] | None, count: int) -> list[Any]:
        """What was paid for; where a sheet tells only the purpose (用途), that."""
        if items is None or purposes is None:
            return items or purposes or [None] * count
        return [item or purpose for item, purpose in zip(items, purposes, strict=True)]

    def _system(self, place: int, line: str | None, item: str | None) -> str | None:
        group = self.groups[place].get("system") if self.groups is not None else None
        return group or system_of(line or "") or system_of(item or "") or None

    def _parts(self, values: dict[str, list[Any]], notes: Notes) -> None:
        assets, expenses = values.get("asset"), values.get("expense")
        if assets is None or expenses is None:
            return
        for place, (paid, asset, expense) in enumerate(zip(values["paid"], assets, expenses, strict=True)):
            if asset is None and expense is None:
                continue
            assets[place], expenses[place] = asset or 0, expense or 0
            if paid is not None and paid != assets[place] + expenses[place]:
                notes.issue(
                    "error",
                    "parts_differ",
                    place,
                    self.columns["paid"].letter,
                    "paid",
                    "",
                    {"paid_fen": paid, "asset_fen": assets[place], "expense_fen": expenses[place]},
                )


class AppropriationReader(_FundReader):
    """A sheet of money allotted to the county."""

    KIND = APPROPRIATION
    KEY = ("funding",)
    AMOUNT = "amount"
    SUMS = {"amount": "amount_fen"}

    def assemble(self, values: dict[str, list[Any]], raw: list[tuple[Any, ...]], notes: Notes, count: int) -> list[Any]:
        """Rows in the order of ``APPROPRIATION_FIELDS``."""
        self._missing_amounts(values, raw, notes)
        column = self.per_row
        return list(
            zip(
                notes.numbers,
                self._first(values, "funding"),
                self._second(values, "funding"),
                column(values, "level"),
                column(values, "document_no"),
                self._first(values, "issued_on"),
                self._second(values, "issued_on"),
                values["amount"],
                column(values, "note"),
                self._kept(notes.originals, count),
                self._kept(notes.ditto, count),
                strict=False,
            )
        )
