"""A compiled column: one parser with a memory of the values it has seen, applied to a batch at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mingchan.interfaces.exchange.understanding.amounts import (
    parse_count,
    parse_money,
    parse_percent,
    parse_quantity,
    parse_whole,
    plain_fen,
)
from mingchan.interfaces.exchange.understanding.catalogue import Field
from mingchan.interfaces.exchange.understanding.dates import parse_date, parse_year
from mingchan.interfaces.exchange.understanding.results import IssueBook
from mingchan.interfaces.exchange.understanding.sources import IN_SCOPE, source_of
from mingchan.interfaces.exchange.understanding.text import (
    DITTO,
    Flag,
    Parsed,
    has_total,
    original_text,
    parse_code,
    parse_person,
    parse_text,
    plain_codes,
    plain_texts,
)

Parser = Callable[[Any], Parsed]
Whole = Callable[[tuple[Any, ...]], list[Any] | None]
_REMEMBERED = 8_192


class Memory(dict[Any, Any]):
    """Cell value to parsed value; what there is to say about a value stands in ``flags``."""

    __slots__ = ("flags", "missed", "parse")

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self.parse = parse
        self.flags: dict[Any, Flag] = {}
        self.missed = 0

    def __missing__(self, raw: Any) -> Any:
        self.missed += 1
        value, flag = self.parse(raw)
        if flag is not None:
            self.flags[raw] = flag
        self[raw] = value
        return value


class Notes:
    """What a batch's cells leave behind per row: original texts, columns filled from above, flags by row."""

    def __init__(self, issues: IssueBook, sheet: str, numbers: list[int]) -> None:
        self.issues = issues
        self.sheet = sheet
        self.numbers = numbers
        self.originals: dict[int, dict[str, str]] = {}
        self.ditto: dict[int, list[str]] = {}
        self.special: dict[str, dict[int, Flag]] = {}

    def original(self, place: int, letter: str, text: str) -> None:
        """Keep the original text of a cell (place is the row's position in the batch)."""
        kept = self.originals.get(place)
        if kept is None:
            kept = self.originals[place] = {}
        kept[letter] = text

    def issue(
        self,
        severity: str,
        code: str,
        place: int,
        letter: str = "",
        field: str = "",
        value: Any = "",
        params: dict[str, Any] | None = None,
    ) -> None:
        """Note an issue at the row at ``place`` of the batch."""
        self.issues.add(severity, code, self.sheet, self.numbers[place], letter, field, original_text(value), params)


class CompiledColumn:
    """One mapped column of a sheet. ``deferred`` names flag codes that the row rules judge, not the cell."""

    def __init__(
        self, field: Field, place: int, letter: str, parse: Parser, deferred: frozenset[str], whole: Whole | None = None
    ) -> None:
        self.field = field
        self.whole = whole
        self.varied = False
        self.place = place
        self.letter = letter
        self.memory = Memory(parse)
        self.deferred = deferred
        self.above: Any = None
        self.seen = False

    def read(self, raws: tuple[Any, ...], notes: Notes) -> list[Any]:
        """Parse one batch of this column's cells. Marks that mean "as above" take the value of the row before."""
        if self.varied and self.whole is not None:
            plain = self.whole(raws)
            if plain is not None:
                self.above = plain[-1]
                self.seen = True
                return plain
        memory = self.memory
        if len(memory) > _REMEMBERED:
            memory.clear()
            memory.flags.clear()
        if bool in set(map(type, raws)):
            raws = tuple("TRUE" if raw is True else "FALSE" if raw is False else raw for raw in raws)
        memory.missed = 0
        values = list(map(memory.__getitem__, raws))
        self.varied = memory.missed * 3 > len(raws)
        flags = memory.flags
        if flags and not flags.keys().isdisjoint(raws):
            self._flagged(raws, values, notes)
        if values:
            self.above = values[-1]
            self.seen = True
        return values

    def _flagged(self, raws: tuple[Any, ...], values: list[Any], notes: Notes) -> None:
        flags, letter, name = self.memory.flags, self.letter, self.field.name
        for place, raw in enumerate(raws):
            flag = flags.get(raw)
            if flag is None:
                continue
            if flag.keep:
                notes.original(place, letter, original_text(raw))
            if flag is DITTO:
                if place:
                    values[place] = values[place - 1]
                elif self.seen:
                    values[place] = self.above
                else:
                    notes.issue("error", "ditto_without_above", place, letter, name, raw)
                notes.ditto.setdefault(place, []).append(letter)
            elif flag.code:
                if flag.code in self.deferred:
                    notes.special.setdefault(name, {})[place] = flag
                else:
                    notes.issue(flag.severity, flag.code, place, letter, name, raw, flag.params)


def parser_for(field: Field, *, factor: int, today: str) -> Parser:
    """The parser of a field's cells. ``factor``: fen in one money unit of the column; ``today``: ISO date."""
    reader, limit = field.reader, field.limit
    if reader == "money":
        return lambda raw: parse_money(raw, factor)
    if reader == "date":
        return lambda raw: parse_date(raw, today)
    if reader == "code":
        return lambda raw: parse_code(raw, limit)
    if reader == "person":
        return lambda raw: parse_person(raw, limit)
    if reader == "funding":
        return lambda raw: _parse_funding(raw, limit)
    if reader == "years":
        return lambda raw: parse_whole(raw, 12)
    simple: dict[str, Parser] = {
        "quantity": parse_quantity,
        "counted": parse_count,
        "year": parse_year,
        "percent": parse_percent,
        "whole": parse_whole,
    }
    if reader in simple:
        return simple[reader]
    return lambda raw: parse_text(raw, limit)


def whole_for(field: Field, *, factor: int, key: bool) -> Whole | None:
    """A reader of a whole batch at once for columns whose values hardly repeat; it answers None unless every cell is
    plain, so that the cell parser stays the only judge of anything unusual."""
    limit = field.limit
    if field.reader == "money" and factor == 100:
        return plain_fen
    if field.reader == "text" and key:
        return lambda raws: None if has_total(raws) else plain_texts(raws, limit)
    if field.reader == "text":
        return lambda raws: plain_texts(raws, limit)
    if field.reader == "code":
        return lambda raws: plain_codes(raws, limit)
    return None


def _parse_funding(raw: Any, limit: int) -> Parsed:
    """A funding source to ``(code, text)``; outside the plan's two sources it carries an error, the code stays."""
    text, flag = parse_text(raw, limit)
    if text is None or (flag is not None and flag.severity == "error"):
        return None, flag
    code = source_of(text)
    if code in IN_SCOPE:
        return (code, text), flag
    return (code or "other", text), Flag(True, "error", "funding_out_of_scope", {"source": code or "other"})
