"""Asset registers (资产明细): the rules of a row, and the output row.

Clause 二(二): an itemised list of assets; every amount is checked to the fen against price × quantity.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import repeat
from typing import Any

from mingchan.interfaces.exchange.understanding.amounts import COUNTABLE, MOST
from mingchan.interfaces.exchange.understanding.catalogue import REGISTER
from mingchan.interfaces.exchange.understanding.columns import Memory, Notes
from mingchan.interfaces.exchange.understanding.sources import (
    system_of,
    tier_of,
    tier_word,
    town_and_village,
)
from mingchan.interfaces.exchange.understanding.tables import TableReader
from mingchan.interfaces.exchange.understanding.text import ABOVE, is_ditto, original_text, same_key

_CLASS_CODE = re.compile(r"(A[0-9]{2,8}|[0-9]{7})\s*(.*)", re.ASCII)
_SPLIT = ("central", "province", "city", "county", "other")
_NOTHING: tuple[Any, ...] = (None, None)


class RegisterReader(TableReader):
    """A sheet of assets."""

    KIND = REGISTER
    KEY = ("name",)
    SUMS = {"quantity": "quantity_milli", "cost": "cost_fen"}
    DEFERRED = {
        "quantity": frozenset({"unit_in_quantity"}),
        "unit_price": frozenset({"below_fen"}),
        "funding": frozenset({"funding_out_of_scope"}),
    }

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._classes = Memory(lambda text: (_class_of(text), None))
        self._systems = Memory(lambda words: (self._system_of_row(*words), None))
        self._tiers = Memory(
            lambda words: (tier_of(words[0] or "", words[1] or "", words[2] or "", self.sheet.name) or None, None)
        )
        self._places = Memory(lambda pair: (self._place_fault(*pair), None))
        self._site_named = False
        self._admitted_sources: dict[str, list[int]] = {}
        self._site_places = [
            self.columns[name].place if name in self.columns else -1
            for name in ("site", "town", "village", "town_village")
        ]
        self._year = self.head.year or self.options.book_year

    def _system_of_row(self, site: str | None, project: str | None) -> str | None:
        return self.system or system_of(site or "") or system_of(project or "") or None

    def _place_fault(self, town: str | None, village: str | None) -> str:
        towns, villages = self.options.towns, self.options.villages
        if town and town not in towns:
            return "town_unknown"
        if town and village and villages and f"{town}|{village}" not in villages:
            return "village_unknown"
        return ""

    def before_columns(self, rows: list[list[Any]]) -> None:
        """A blank site under a named one means the same site; then a blank township or village means the same too."""
        site, *others = self._site_places
        if site < 0:
            return
        others = [place for place in others if place >= 0]
        for row in rows:
            cell = row[site]
            if cell == "" or (cell.__class__ is str and cell.isspace()):
                if not self._site_named:
                    continue
                row[site] = ABOVE
            elif not (cell.__class__ is str and is_ditto(cell)):
                self._site_named = True
                continue
            for place in others:
                if row[place] == "":
                    row[place] = ABOVE

    def assemble(self, values: dict[str, list[Any]], raw: list[tuple[Any, ...]], notes: Notes, count: int) -> list[Any]:
        """Rows in the order of ``REGISTER_FIELDS``."""
        self._names(values["name"], raw, notes)
        self._units(values, notes, count)
        self._amounts(values, raw, notes, count)
        acquired = values.get("acquired_on")
        in_service = values.get("in_service_on")
        funding = self._funding(values, raw, notes, count)
        years = self._years(values, count)
        towns, villages = self._division(values, notes, count)
        for name in ("asset_code", "serial_no"):
            self._duplicates(name, values, raw, notes)
        systems = self._system_column(values, count)
        tiers = self._tier_column(values, towns, villages, count)
        classes = list(map(self._classes.__getitem__, values["class_any"])) if "class_any" in values else None
        service_on = [day[0] if day else None for day in in_service] if in_service else None
        acquired_on = [day[0] if day else None for day in acquired] if acquired else None
        if acquired_on and service_on:
            self._date_order(acquired_on, service_on, notes)
        lives = values.get("life_months") or values.get("life_years")
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
                values["unit_price"],
                values["cost"],
                acquired_on or repeat(None),
                [day[1] if day else None for day in acquired] if acquired else repeat(None),
                service_on or repeat(None),
                column(values, "project"),
                years,
                [one[0] for one in funding] if funding else repeat(None),
                [one[1] for one in funding] if funding else repeat(None),
                column(values, "owner"),
                column(values, "user"),
                column(values, "operator"),
                column(values, "income_holder"),
                column(values, "keeper"),
                column(values, "phone"),
                column(values, "site"),
                towns,
                villages,
                column(values, "place"),
                column(values, "condition"),
                column(values, "serial_no"),
                column(values, "residual_percent"),
                lives or repeat(None),
                column(values, "supplier"),
                column(values, "note"),
                systems,
                tiers,
                values.get("_split") or repeat(None),
                [notes.originals.get(place) for place in range(count)] if notes.originals else repeat(None),
                [notes.ditto.get(place) for place in range(count)] if notes.ditto else repeat(None),
                strict=False,
            )
        )

    def _letter(self, name: str) -> str:
        return self.columns[name].letter if name in self.columns else ""

    def _raw(self, raw: list[tuple[Any, ...]], name: str, place: int) -> Any:
        """The raw cell of a field, "" when the sheet has no such column."""
        return raw[self.columns[name].place][place] if name in self.columns else ""

    def _blank(self, raw: list[tuple[Any, ...]], name: str, place: int) -> bool:
        return original_text(self._raw(raw, name, place)).strip() in ("", "-", "/", "—", "无")

    def _names(self, names: list[Any], raw: list[tuple[Any, ...]], notes: Notes) -> None:
        if None not in names:
            return
        for place, name in enumerate(names):
            if name is None and self._blank(raw, "name", place):
                notes.issue("error", "name_missing", place, self._letter("name"), "name")

    def _units(self, values: dict[str, list[Any]], notes: Notes, count: int) -> None:
        units = values.setdefault("unit", [None] * count)
        for place, flag in notes.special.get("quantity", {}).items():
            stated = (flag.params or {})["unit"]
            if units[place] is None:
                units[place] = stated
            elif units[place] != stated:
                notes.issue(
                    "warning",
                    "unit_in_quantity_differs",
                    place,
                    self._letter("quantity"),
                    "quantity",
                    stated,
                    {"stated": stated, "unit": units[place]},
                )
        quantities = values.get("quantity")
        if quantities is None:
            values["quantity"] = [1000] * count
            return
        for place in [at for at, quantity in enumerate(quantities) if quantity and quantity % 1000]:
            if units[place] is None or units[place] in COUNTABLE:
                notes.issue(
                    "error",
                    "quantity_not_whole",
                    place,
                    self._letter("quantity"),
                    "quantity",
                    str(Decimal(quantities[place]) / 1000),
                    {"unit": units[place] or ""},
                )

    def _amounts(self, values: dict[str, list[Any]], raw: list[tuple[Any, ...]], notes: Notes, count: int) -> None:
        quantities = values["quantity"]
        prices = values.setdefault("unit_price", [None] * count)
        costs = values.setdefault("cost", [None] * count)
        fine = notes.special.get("unit_price", {})
        odd = [
            place
            for place, (price, quantity, cost) in enumerate(zip(prices, quantities, costs, strict=True))
            if price is None or quantity is None or not cost or price * quantity != cost * 1000
        ]
        if fine:
            odd = sorted({*odd, *fine})
        for place in odd:
            price, quantity, cost = prices[place], quantities[place], costs[place]
            if quantity is None and self._blank(raw, "quantity", place):
                notes.issue("error", "quantity_missing", place, self._letter("quantity"), "quantity")
            if place in fine and price is not None:
                self._fine_price(Decimal((fine[place].params or {})["fen"]), quantity, cost, place, raw, notes)
            elif cost is None:
                if self._blank(raw, "cost", place):
                    costs[place] = self._computed_cost(price, quantity, place, notes)
            elif price is None:
                if quantity and self._blank(raw, "unit_price", place) and cost * 1000 % quantity == 0:
                    prices[place] = cost * 1000 // quantity
            elif quantity is not None and price * quantity != cost * 1000:
                self._differs(Decimal(price), quantity, cost, place, raw, notes)
            if costs[place] == 0:
                notes.issue("warning", "cost_zero", place, self._letter("cost"), "cost", self._raw(raw, "cost", place))

    def _differs(
        self,
        price: Decimal,
        quantity: int,
        cost: int,
        place: int,
        raw: list[tuple[Any, ...]],
        notes: Notes,
    ) -> None:
        notes.issue(
            "error",
            "price_times_quantity",
            place,
            self._letter("cost"),
            "cost",
            self._raw(raw, "cost", place),
            {
                "price_fen": str(price),
                "quantity_milli": quantity,
                "cost_fen": cost,
                "product_fen": str(price * quantity / 1000),
            },
        )

    def _fine_price(
        self,
        price: Decimal,
        quantity: int | None,
        cost: int | None,
        place: int,
        raw: list[tuple[Any, ...]],
        notes: Notes,
    ) -> None:
        """A price finer than a fen comes from dividing an amount: taken when price × quantity rounds to the amount."""
        if quantity is not None and cost is not None:
            if abs(price * quantity / 1000 - cost) < Decimal("0.5"):
                notes.issue(
                    "warning",
                    "unit_price_rounded",
                    place,
                    self._letter("unit_price"),
                    "unit_price",
                    self._raw(raw, "unit_price", place),
                )
            else:
                self._differs(price, quantity, cost, place, raw, notes)
        else:
            notes.issue(
                "error",
                "below_fen",
                place,
                self._letter("unit_price"),
                "unit_price",
                self._raw(raw, "unit_price", place),
            )

    def _computed_cost(self, price: int | None, quantity: int | None, place: int, notes: Notes) -> int | None:
        if price is not None and quantity is not None:
            product, rest = divmod(price * quantity, 1000)
            if rest == 0 and product <= MOST:
                if "cost" in self.columns:
                    notes.issue("warning", "cost_computed", place, self._letter("cost"), "cost")
                return product
        notes.issue("error", "cost_missing", place, self._letter("cost"), "cost")
        return None

    def _funding(
        self,
        values: dict[str, list[Any]],
        raw: list[tuple[Any, ...]],
        notes: Notes,
        count: int,
    ) -> list[tuple[Any, ...]] | None:
        split = [(code, values[f"funding_{code}"]) for code in _SPLIT if f"funding_{code}" in values]
        fundings = values.get("funding")
        admitted = "funding_out_of_scope" in self.issues.admitted
        for place, flag in notes.special.get("funding", {}).items():
            text = original_text(self._raw(raw, "funding", place))
            if admitted:
                self._admitted_sources.setdefault(text, []).append(notes.numbers[place])
            else:
                notes.issue("error", flag.code, place, self._letter("funding"), "funding", text, flag.params)
        if split:
            return self._split_funding(split, values, notes, count)
        return None if fundings is None else [one or _NOTHING for one in fundings]

    def _split_funding(
        self,
        split: list[tuple[str, list[Any]]],
        values: dict[str, list[Any]],
        notes: Notes,
        count: int,
    ) -> list[tuple[Any, ...]]:
        """Five number columns for one amount: their sum must be the amount; one source alone is the source."""
        fundings = values.get("funding") or [None] * count
        parts = values["_split"] = [None] * count
        result: list[tuple[Any, ...]] = []
        for place in range(count):
            row = {code: column[place] for code, column in split if column[place]}
            parts[place] = row or None
            if row and values["cost"][place] is not None and sum(row.values()) != values["cost"][place]:
                notes.issue(
                    "error",
                    "split_differs",
                    place,
                    self._letter("cost"),
                    "cost",
                    "",
                    {"split_fen": sum(row.values()), "cost_fen": values["cost"][place]},
                )
            for code in ("province", "city", "other"):
                if code in row:
                    notes.issue(
                        "error",
                        "funding_out_of_scope",
                        place,
                        self._letter(f"funding_{code}"),
                        "funding",
                        "",
                        {"source": code},
                    )
            largest = max(row, key=lambda code: row[code]) if row else None
            result.append(fundings[place] or (largest, None))
        return result

    def _years(self, values: dict[str, list[Any]], count: int) -> list[Any]:
        years = values.get("year")
        if years is None:
            return [self._year] * count
        return years if None not in years or self._year is None else [year or self._year for year in years]

    def _division(self, values: dict[str, list[Any]], notes: Notes, count: int) -> tuple[list[Any], list[Any]]:
        towns = values.get("town") or [None] * count
        villages = values.get("village") or [None] * count
        both = values.get("town_village")
        if both is not None:
            for place, text in enumerate(both):
                if text and not towns[place] and not villages[place]:
                    town, village = town_and_village(text)
                    towns[place], villages[place] = town or None, village or None
        if self.groups is not None:
            towns = [town or group.get("town") for town, group in zip(towns, self.groups, strict=True)]
        if self.options.towns:
            faults = list(map(self._places.__getitem__, zip(towns, villages, strict=True)))
            if any(faults):
                for place, fault in enumerate(faults):
                    if fault:
                        name = "town" if fault == "town_unknown" else "village"
                        value = towns[place] if name == "town" else villages[place]
                        letter = self._letter(name) or self._letter("town_village")
                        notes.issue("error", fault, place, letter, name, value, {"town": towns[place] or ""})
        return towns, villages

    def _duplicates(self, name: str, values: dict[str, list[Any]], raw: list[tuple[Any, ...]], notes: Notes) -> None:
        codes = values.get(name)
        if codes is None:
            return
        seen = self.options.seen_codes(name)
        here = self.options.sheet_mark(self.sheet.name)
        if None not in codes and "".join(codes).isascii():
            keys = list(map(str.upper, codes))
            if len(set(keys)) == len(keys) and seen.keys().isdisjoint(keys):
                seen.update(zip(keys, [here + number for number in notes.numbers], strict=True))
                return
        for place, code in enumerate(codes):
            if code is None:
                continue
            mark = here + notes.numbers[place]
            first = seen.setdefault(same_key(code), mark)
            if first != mark:
                sheet, row = self.options.marked(first)
                notes.issue(
                    "error", f"{name}_twice", place, self._letter(name), name, code, {"sheet": sheet, "row": row}
                )

    def _system_column(self, values: dict[str, list[Any]], count: int) -> Any:
        if self.system and self.groups is None and "system" not in values:
            return repeat(self.system)
        sites = values.get("site") or [None] * count
        projects = values.get("project") or [None] * count
        systems = list(map(self._systems.__getitem__, zip(sites, projects, strict=True)))
        if self.groups is not None:
            systems = [group.get("system") or system for group, system in zip(self.groups, systems, strict=True)]
        if "system" in values:
            systems = [
                system_of(own) or system if own else system
                for own, system in zip(values["system"], systems, strict=True)
            ]
        return systems

    def _tier_column(
        self,
        values: dict[str, list[Any]],
        towns: list[Any],
        villages: list[Any],
        count: int,
    ) -> list[Any]:
        sites = values.get("site") or [None] * count
        if len(self._tiers) > 20_000:
            self._tiers.clear()
        tiers = list(map(self._tiers.__getitem__, zip(sites, towns, villages, strict=True)))
        if "tier" in values:
            tiers = [tier_word(own) or tier if own else tier for own, tier in zip(values["tier"], tiers, strict=True)]
        return tiers

    def _date_order(self, acquired: list[Any], service: list[Any], notes: Notes) -> None:
        for place in [
            at
            for at, (bought, used) in enumerate(zip(acquired, service, strict=True))
            if bought and used and used < bought
        ]:
            notes.issue(
                "warning",
                "service_before_acquired",
                place,
                self._letter("in_service_on"),
                "in_service_on",
                service[place],
                {"acquired_on": acquired[place]},
            )

    def _close(self) -> None:
        super()._close()
        if "quantity" not in self.columns:
            self.issues.add("warning", "quantity_column_missing", self.sheet.name, 0)
        for text, rows in self._admitted_sources.items():
            self.issues.add(
                "warning",
                "funding_admitted",
                self.sheet.name,
                rows[0],
                self._letter("funding"),
                "funding",
                text,
                {"rows": len(rows)},
            )


def _class_of(text: str | None) -> tuple[str | None, str | None]:
    """A class cell to code and name: codes stand alone (A02010105) or before the name."""
    if not text:
        return _NOTHING
    found = _CLASS_CODE.fullmatch(text)
    return (found[1], found[2] or None) if found else (None, text)
