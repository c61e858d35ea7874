"""Tables of a web page saved under a workbook's name (网页表格), as office systems export them: text only, no markup.

The standard library's parser reads tags and text; nothing is loaded, run or resolved. Of a table inside a table only
the text is kept, in the cell around it. Cells that reach over rows or columns are merges, as in a workbook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from mingchan.interfaces.exchange.reading.parts import Merge
from mingchan.interfaces.exchange.reading.refusals import ContainerRefused, Limits

_UNSEEN = frozenset(("script", "style", "template", "noscript"))
_BREAKS = frozenset(("br", "p", "div", "li"))
_WIDEST = 16_384
_PIECE = 1 << 16
_BLANKS = re.compile(r"\s+")


@dataclass
class Table:
    """One table: its caption, its rows as wide as each is, its merges as (row, column) of both corners."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)


def tables_of(text: str, limits: Limits) -> list[Table]:
    """The page's tables that have a row. Raises ContainerRefused when there are none, or more cells than allowed."""
    reader = _Reader(limits)
    for at in range(0, len(text), _PIECE):
        reader.feed(text[at : at + _PIECE])
    reader.close()
    reader.end_table()
    found = [table for table in reader.tables if any(any(row) for row in table.rows)]
    if not found:
        raise ContainerRefused("html_as_workbook")
    return found


class _Reader(HTMLParser):
    """Collects tables while the page is fed."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.tables: list[Table] = []
        self.cells = 0
        self._depth = 0
        self._unseen: str = ""
        self._text: list[str] | None = None
        self._in_caption = False
        self._row: list[str] | None = None
        self._span = (1, 1)
        self._covered: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that opens."""
        if self._unseen:
            return
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(Table())
                self._covered = {}
        elif self._depth == 1 and tag == "tr":
            self._end_row()
            self._row = []
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            if self._row is None:
                self._row = []
            asked = dict(attrs)
            self._span = (_number(asked.get("rowspan"), self.limits.rows), _number(asked.get("colspan"), _WIDEST))
            self._text = []
        elif self._depth == 1 and tag == "caption":
            self._in_caption, self._text = True, []
        elif tag in _BREAKS and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A tag that closes."""
        if self._unseen:
            if tag == self._unseen:
                self._unseen = ""
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self.end_table()
            else:
                self._depth -= 1
        elif self._depth == 1 and tag == "tr":
            self._end_row()
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
        elif self._depth == 1 and tag == "caption":
            self._end_caption()

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if self._text is not None and not self._unseen:
            self._text.append(_BLANKS.sub(" ", data))

    def end_table(self) -> None:
        """The table ends, or the page does."""
        self._end_row()
        self._depth = 0

    def _end_caption(self) -> None:
        if self._in_caption:
            self.tables[-1].caption = _plain(self._text)
            self._in_caption, self._text = False, None

    def _end_cell(self) -> None:
        self._end_caption()
        if self._text is None or self._row is None:
            return
        row, (down, across) = self._row, self._span
        self._pass_covered(row)
        at, number = len(row), len(self.tables[-1].rows)
        row.append(_plain(self._text))
        row += [""] * (across - 1)
        self.cells += across
        if len(row) > _WIDEST or self.cells > self.limits.cells:
            raise ContainerRefused("too_many_cells", {"count": self.cells, "limit": self.limits.cells})
        if down > 1 or across > 1:
            self.tables[-1].merges.append(((number, at), (number + down - 1, at + across - 1)))
        if down > 1:
            self._covered.update(dict.fromkeys(range(at, at + across), down))
        self._text = None

    def _pass_covered(self, row: list[str]) -> None:
        while self._covered.get(len(row), 0) > 0 and len(row) < _WIDEST:
            row.append("")
            self.cells += 1

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        self._pass_covered(self._row)
        rows = self.tables[-1].rows
        rows.append(self._row)
        self._row = None
        self._covered = {at: left - 1 for at, left in self._covered.items() if left > 1}
        if len(rows) > self.limits.rows * 4:
            raise ContainerRefused("too_many_rows", {"sheet": "", "count": len(rows), "limit": self.limits.rows})


def _number(text: str | None, most: int) -> int:
    digits = (text or "").strip()
    return max(1, min(int(digits), most)) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else 1


def _plain(parts: list[str] | None) -> str:
    """Text as a reader of the page sees it: blanks run together, lines where the page breaks them."""
    lines = "".join(parts or ()).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))
