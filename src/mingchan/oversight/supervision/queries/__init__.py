"""Reading supervision (监督查询): what is checked, findings with their journal, counts, trends, goals, runs."""

from mingchan.oversight.supervision.queries.catalogue import CheckInfo, Explained, checks, explain, info, last_run, runs
from mingchan.oversight.supervision.queries.documents import PROTECTED, documents, faults
from mingchan.oversight.supervision.queries.findings import (
    COUNT_CAP,
    Counts,
    FindingFilter,
    Row,
    count,
    counts,
    counts_by_check,
    every,
    finding,
    narrowed,
    of_asset,
    offices,
    open_findings,
    periods,
    rows,
    steps,
)
from mingchan.oversight.supervision.queries.goals import Goal, GoalPart, goals
from mingchan.oversight.supervision.queries.places import PlaceScore, SiteScore, places, sites
from mingchan.oversight.supervision.queries.samples import lines, sample, samples
from mingchan.oversight.supervision.queries.trends import ages, by_family, trend

__all__ = [
    "COUNT_CAP",
    "PROTECTED",
    "CheckInfo",
    "Counts",
    "Explained",
    "FindingFilter",
    "Goal",
    "GoalPart",
    "PlaceScore",
    "Row",
    "SiteScore",
    "ages",
    "by_family",
    "checks",
    "count",
    "counts",
    "counts_by_check",
    "documents",
    "every",
    "explain",
    "faults",
    "finding",
    "goals",
    "info",
    "last_run",
    "lines",
    "narrowed",
    "of_asset",
    "offices",
    "open_findings",
    "periods",
    "places",
    "rows",
    "runs",
    "sample",
    "samples",
    "sites",
    "steps",
    "trend",
]
