"""The task that hands back a workbook's cells as they stand, for the copy in which problems are marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from mingchan.interfaces.exchange.reading.cells import open_book
from mingchan.interfaces.exchange.reading.container import examine
from mingchan.interfaces.exchange.reading.refusals import Limits

FRAME_ROWS = 2_000


def cells(path: Path, options: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield one ``sheet`` frame per sheet (name, top, left, merges), then its ``cells`` frames.

    Dates become ISO text; nothing is interpreted. Raises ContainerRefused when the file is not to be read.
    """
    filename = str(options.get("filename", ""))
    container = examine(path, limits, filename=filename)
    book = open_book(path, container, limits, filename=filename, encoding=str(options.get("encoding", "")))
    for index in range(len(book.names)):
        sheet = book.sheet(index)
        yield {"k": "sheet", "sheet": sheet.name, "left": sheet.left, "merges": sheet.merges}
        rows = sheet.rows()
        while batch := list(islice(rows, FRAME_ROWS)):
            yield {"k": "cells", "sheet": sheet.name, "rows": [[_plain(value) for value in row] for row in batch]}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return value
