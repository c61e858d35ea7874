"""Survey sheets (调查表、盘点表): what a third party found; clause 三(二).

What was found is not held to the rules of a register: a price that doesn't fit, a missing value or a count of nought
are findings. Only what can't be read is an issue.
"""

from __future__ import annotations

from itertools import repeat
from typing import Any

from mingchan.interfaces.exchange.understanding.catalogue import SURVEY
from mingchan.interfaces.exchange.understanding.columns import Notes
from mingchan.interfaces.exchange.understanding.registers import RegisterReader
from mingchan.interfaces.exchange.understanding.tables import TableReader


class SurveyReader(RegisterReader):
    """A sheet of things that were looked for in the field."""

    KIND = SURVEY
    DEFERRED = {
        "quantity": frozenset({"unit_in_quantity"}),
        "book_quantity": frozenset({"unit_in_quantity"}),
        "unit_price": frozenset({"below_fen"}),
    }

    def assemble(self, values: dict[str, list[Any]], raw: list[tuple[Any, ...]], notes: Notes, count: int) -> list[Any]:
        """Rows in the order of ``SURVEY_FIELDS``."""
        self._names(values["name"], raw, notes)
        values.setdefault("quantity", [None] * count)
        self._units(values, notes, count)
        costs = self._costs(values, count)
        towns, villages = self._division(values, notes, count)
        systems = self._system_column(values, count)
        tiers = self._tier_column(values, towns, villages, count)
        nothing = [None] * count
        both = zip(values.get("system") or nothing, values.get("tier") or nothing, strict=True)
        stated = [bool(system and tier) for system, tier in both]
        classes = list(map(self._classes.__getitem__, values["class_any"])) if "class_any" in values else None
        days = values.get("surveyed_on")
        column = self.per_row
        return list(
            zip(
                notes.numbers,
                column(values, "asset_code"),
                values["name"],
                [one[0] for one in classes] if classes else repeat(None),
                [one[1] for one in classes] if classes else repeat(None),
                column(values, "model"),
                column(values, "brand"),
                values["unit"],
                values["quantity"],
                costs,
                column(values, "site"),
                towns,
                villages,
                column(values, "place"),
                column(values, "keeper"),
                column(values, "user"),
                column(values, "condition"),
                column(values, "serial_no"),
                column(values, "result"),
                [day[0] if day else None for day in days] if days else repeat(None),
                column(values, "surveyor"),
                column(values, "note"),
                systems,
                tiers,
                stated,
                [notes.originals.get(place) for place in range(count)] if notes.originals else repeat(None),
                [notes.ditto.get(place) for place in range(count)] if notes.ditto else repeat(None),
                strict=False,
            )
        )

    def _costs(self, values: dict[str, list[Any]], count: int) -> list[Any]:
        """The value that was found; where only a price was, price × quantity, if that is whole fen."""
        costs, prices = values.get("cost"), values.get("unit_price")
        if costs is None:
            costs = values["cost"] = [None] * count
        if prices is None:
            return costs
        for place, (price, quantity) in enumerate(zip(prices, values["quantity"], strict=True)):
            if costs[place] is None and price is not None and quantity and price * quantity % 1000 == 0:
                costs[place] = price * quantity // 1000
        return costs

    def _close(self) -> None:
        TableReader._close(self)
