"""The caller's side of reading a workbook: starts the reading process and collects what it understood."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingchan.interfaces.exchange.reading.refusals import Limits, ReadingFailed
from mingchan.interfaces.exchange.reading.sandbox import Keeper, Progress, run_in_child
from mingchan.interfaces.exchange.understanding.headings import Column
from mingchan.interfaces.exchange.understanding.options import ReadingOptions
from mingchan.interfaces.exchange.understanding.results import (
    Compared,
    Issue,
    SheetSummary,
    StatedTotal,
    WorkbookSummary,
)

RowsSink = Callable[[str, str, list[list[Any]]], None]
IssuesSink = Callable[[list[Issue]], None]


@dataclass
class WorkbookResult:
    """A workbook as read. ``rows`` holds output rows by sheet unless they went to ``on_rows``; ``usage`` is what the
    reading process used (``cpu_ms``, ``max_rss_kib``)."""

    summary: WorkbookSummary
    rows: dict[str, list[list[Any]]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        """True when something must be mended before the workbook can be applied."""
        return self.summary.errors > 0


def read_workbook(
    path: Path,
    *,
    options: ReadingOptions | None = None,
    limits: Limits | None = None,
    on_progress: Progress | None = None,
    on_rows: RowsSink | None = None,
    on_issues: IssuesSink | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Keeper | None = None,
) -> WorkbookResult:
    """Read and understand the workbook at ``path`` in a limited child process.

    ``on_rows(sheet, kind, rows)`` receives each batch (about 2,000 rows, in the order of ``catalogue.ROW_FIELDS``) and
    keeps memory flat; without it rows are collected. ``on_issues`` likewise. ``on_progress`` gets dicts with ``stage``,
    ``sheet``, ``rows``, ``of``. ``cancelled`` is asked several times a second. ``keep`` gets the batches as they came.

    Raises ContainerRefused (with a cause code) for files that may not be read, ReadingFailed when reading ended early.
    """
    result: WorkbookResult | None = None
    rows: dict[str, list[list[Any]]] = {}
    issues: list[Issue] = []
    sent = frames(path, options=options, limits=limits, on_progress=on_progress, cancelled=cancelled, keep=keep)
    for frame in sent:
        kind = frame["k"]
        if kind == "rows":
            if on_rows is not None:
                on_rows(frame["sheet"], frame["kind"], frame["rows"])
            else:
                rows.setdefault(frame["sheet"], []).extend(frame["rows"])
        elif kind == "issues":
            found = [Issue(*issue) for issue in frame["issues"]]
            if on_issues is not None:
                on_issues(found)
            else:
                issues.extend(found)
        elif kind == "summary":
            result = WorkbookResult(summary_from(frame["summary"]), rows, issues)
        elif kind == "end" and result is not None:
            result.usage = frame["usage"]
    if result is None:
        raise ReadingFailed("internal", {"kind": "no summary"})
    return result


def frames(
    path: Path,
    *,
    options: ReadingOptions | None = None,
    limits: Limits | None = None,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Keeper | None = None,
) -> Generator[dict[str, Any], None, None]:
    """What the reading process sends, one frame at a time: ``k`` is ``rows``, ``issues``, ``summary`` or ``end``.

    The process reads on while a frame is used, as far as the pipe between them holds. Raises as ``read_workbook``.
    """
    plain = options or ReadingOptions()
    if not plain.filename:
        plain.filename = path.name
    yield from run_in_child(
        "understand", path, plain.as_dict(), limits=limits, on_progress=on_progress, cancelled=cancelled, keep=keep
    )


def summary_from(plain: dict[str, Any]) -> WorkbookSummary:
    """A workbook summary from its plain form (as kept with a batch)."""
    sheets = [sheet_from(sheet) for sheet in plain["sheets"]]
    return WorkbookSummary(**{**plain, "sheets": sheets})


def sheet_from(plain: dict[str, Any]) -> SheetSummary:
    """A sheet summary from its plain form."""
    head = plain["header_rows"]
    return SheetSummary(
        **{
            **plain,
            "header_rows": (head[0], head[1]) if head else None,
            "columns": [Column(**column) for column in plain["columns"]],
            "fields": tuple(plain["fields"]),
            "stated": [StatedTotal(**line) for line in plain["stated"]],
            "compared": [Compared(**line) for line in plain["compared"]],
        }
    )
