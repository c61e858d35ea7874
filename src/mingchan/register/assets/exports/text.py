"""The list as text (csv): UTF-8 with its mark, and no cell that a spreadsheet would take for a formula."""

import csv
from collections.abc import Iterable
from typing import TextIO

from mingchan.register.assets.exports.table import Cell

BYTE_ORDER_MARK = "\ufeff"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(cell: Cell) -> Cell:
    """Text that begins like a formula gets an apostrophe before it; numbers, negative ones too, stay numbers."""
    if isinstance(cell, str) and cell.startswith(_DANGEROUS):
        return f"'{cell}"
    return cell


def write(out: TextIO, heads: list[str], lines: Iterable[list[Cell]]) -> int:
    """Write headings and lines; returns the number of lines. Texts are quoted, numbers aren't."""
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(heads)
    count = 0
    for line in lines:
        writer.writerow(["" if cell is None else inert(cell) for cell in line])
        count += 1
    return count
