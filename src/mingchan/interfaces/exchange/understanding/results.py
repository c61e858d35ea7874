"""What comes out of reading a workbook: issues, one summary per sheet, one for the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mingchan.interfaces.exchange.understanding.headings import Column

ERROR, WARNING, INFO = "error", "warning", "info"


class Issue(NamedTuple):
    """Something to look at. ``row`` is 1-based as the office program shows it (0: the whole sheet), ``column`` a letter
    ("" for the row), ``value`` the original text; ``code`` and ``params`` make the sentence (see messages)."""

    severity: str
    code: str
    sheet: str
    row: int
    column: str
    field: str
    value: str
    params: dict[str, Any]


@dataclass
class StatedTotal:
    """A 小计, 合计 or 总计 line against the rows it totals. Money in fen, quantity in thousandths."""

    row: int
    label: str
    field: str
    stated: int
    computed: int

    @property
    def agrees(self) -> bool:
        """True when the line is right to the fen."""
        return self.stated == self.computed


@dataclass
class Compared:
    """One figure of a 汇总表 against what was read from the sheet it names ("" when no sheet matched)."""

    row: int
    label: str
    sheet: str
    field: str
    stated: int
    computed: int | None

    @property
    def agrees(self) -> bool:
        """True when the figure equals what was read."""
        return self.stated == self.computed


@dataclass
class SheetSummary:
    """One sheet as understood. ``sums`` holds totals by output field (cost_fen, quantity_milli, paid_fen …)."""

    name: str
    kind: str
    visibility: str = "visible"
    title: str = ""
    lines: list[str] = field(default_factory=list)
    unit: str = ""
    office: str = ""
    reported_on: str = ""
    year: int | None = None
    system: str = ""
    header_rows: tuple[int, int] | None = None
    columns: list[Column] = field(default_factory=list)
    fields: tuple[str, ...] = ()
    shape: str = ""
    rows: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    stated: list[StatedTotal] = field(default_factory=list)
    stated_agree: bool | None = None
    compared: list[Compared] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    hidden_rows: int = 0
    hidden_columns: int = 0
    errors: int = 0
    warnings: int = 0


@dataclass
class WorkbookSummary:
    """The whole workbook. ``issue_counts`` maps code to count and includes issues beyond the number kept."""

    kind: str = ""
    notes: list[str] = field(default_factory=list)
    sheets: list[SheetSummary] = field(default_factory=list)
    issue_counts: dict[str, int] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0
    issues_left_out: int = 0

    def sheet(self, name: str) -> SheetSummary:
        """The sheet called ``name``. Raises KeyError."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


class IssueBook:
    """Collects issues as plain lists, counts all of them, keeps at most ``most``."""

    def __init__(self, most: int, admitted: frozenset[str]) -> None:
        self.most = most
        self.admitted = admitted
        self.kept = 0
        self.pending: list[tuple[Any, ...]] = []
        self.counts: dict[str, int] = {}
        self.severities: dict[str, dict[str, int]] = {}
        self.left_out = 0

    def add(
        self,
        severity: str,
        code: str,
        sheet: str,
        row: int,
        column: str = "",
        field_name: str = "",
        value: str = "",
        params: dict[str, Any] | None = None,
    ) -> None:
        """Note one issue. A code the user admitted (with a reason kept by the caller) is a warning, not an error."""
        if severity == ERROR and code in self.admitted:
            severity = WARNING
        self.counts[code] = self.counts.get(code, 0) + 1
        by_sheet = self.severities.get(sheet)
        if by_sheet is None:
            by_sheet = self.severities[sheet] = {}
        by_sheet[severity] = by_sheet.get(severity, 0) + 1
        if self.kept >= self.most:
            self.left_out += 1
            return
        self.kept += 1
        self.pending.append((severity, code, sheet, row, column, field_name, value[:200], params or {}))

    def take(self) -> list[tuple[Any, ...]]:
        """The issues noted since the last call."""
        taken, self.pending = self.pending, []
        return taken

    def count(self, sheet: str, severity: str) -> int:
        """How many issues of a severity a sheet has."""
        return self.severities.get(sheet, {}).get(severity, 0)

    def total(self, severity: str) -> int:
        """How many issues of a severity the workbook has."""
        return sum(by_sheet.get(severity, 0) for by_sheet in self.severities.values())
