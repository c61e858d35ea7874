"""What a caller may ask of one reading, as plain values that travel to the reading process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mingchan.interfaces.exchange.reading.parts import column_number
from mingchan.interfaces.exchange.reading.refusals import Limits
from mingchan.interfaces.exchange.understanding.tables import refuse_rows

_MARK = 1 << 24


@dataclass
class ReadingOptions:
    """Choices for one reading.

    ``today`` ISO business date (later dates are errors; "" checks nothing). ``mapping`` {sheet: {column index from 0:
    field, "" to leave out}}. ``corrections`` {(sheet, row, column letter): text}. ``skipped`` {sheet: [rows]} rows left
    out by the user. ``kinds`` {sheet: kind} overrides what a sheet was taken for; ``purpose`` (register or
    survey) says as which of the two a list of assets is read. ``admitted`` issue codes the user
    admits with a reason (errors become warnings). ``facts`` may hold ``towns`` (names) and ``villages``
    ("town|village"), checked when present. ``encoding`` of a text file when the guess is wrong.
    """

    filename: str = ""
    today: str = ""
    encoding: str = ""
    mapping: dict[str, dict[int, str]] = field(default_factory=dict)
    corrections: dict[tuple[str, int, str], str] = field(default_factory=dict)
    skipped: dict[str, list[int]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    purpose: str = ""
    admitted: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    book_year: int | None = None
    row_limit: int = 100_000
    _rows: int = 0
    _codes: dict[str, dict[str, int]] = field(default_factory=dict)
    _sheets: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the child."""
        return {
            "filename": self.filename,
            "today": self.today,
            "encoding": self.encoding,
            "mapping": {
                sheet: {str(index): name for index, name in columns.items()} for sheet, columns in self.mapping.items()
            },
            "corrections": [[sheet, row, letter, text] for (sheet, row, letter), text in self.corrections.items()],
            "skipped": self.skipped,
            "kinds": self.kinds,
            "purpose": self.purpose,
            "admitted": list(self.admitted),
            "facts": self.facts,
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any], limits: Limits) -> ReadingOptions:
        """The options a caller sent."""
        return cls(
            filename=plain.get("filename", ""),
            today=plain.get("today", "") or plain.get("facts", {}).get("today", ""),
            encoding=plain.get("encoding", ""),
            mapping={
                sheet: {int(index): name for index, name in columns.items()}
                for sheet, columns in plain.get("mapping", {}).items()
            },
            corrections={(sheet, row, letter): text for sheet, row, letter, text in plain.get("corrections", [])},
            skipped=plain.get("skipped", {}),
            kinds=plain.get("kinds", {}),
            purpose=plain.get("purpose", ""),
            admitted=plain.get("admitted", []),
            facts=plain.get("facts", {}),
            row_limit=limits.rows,
        )

    @property
    def towns(self) -> Any:
        """Known township names (a mapping or a list), empty when the caller gave none."""
        return self.facts.get("towns") or ()

    @property
    def villages(self) -> Any:
        """Known "town|village" names, empty when the caller gave none."""
        return self.facts.get("villages") or ()

    def corrections_of(self, sheet: str) -> dict[int, dict[int, str]]:
        """Corrections of one sheet: row to column index to text."""
        found: dict[int, dict[int, str]] = {}
        for (name, row, letter), text in self.corrections.items():
            if name == sheet:
                found.setdefault(row, {})[column_number(letter)] = text
        return found

    def skipped_of(self, sheet: str) -> frozenset[int]:
        """Rows of one sheet the user leaves out."""
        return frozenset(self.skipped.get(sheet, ()))

    def count_rows(self, sheet: str, rows: int) -> None:
        """Count data rows of the whole workbook. Raises ContainerRefused beyond the limit."""
        self._rows += rows
        refuse_rows(sheet, self._rows, self.row_limit)

    def seen_codes(self, name: str) -> dict[str, int]:
        """Codes met so far in the workbook (asset codes, serial numbers): key to a mark of sheet and row."""
        return self._codes.setdefault(name, {})

    def sheet_mark(self, sheet: str) -> int:
        """A number to which a row number is added to mark a place in the workbook."""
        if sheet not in self._sheets:
            self._sheets.append(sheet)
        return self._sheets.index(sheet) * _MARK

    def marked(self, mark: int) -> tuple[str, int]:
        """Sheet and row of a mark."""
        return self._sheets[mark // _MARK], mark % _MARK
