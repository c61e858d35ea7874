"""The wall of clauses (条款墙): each sentence of the plan with what serves it and how often it acted."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max

from mingchan.foundation.evidence.models import Record
from mingchan.foundation.institutions import queries as institutions
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.policy.queries import Clause
from mingchan.kernel.events import EventKind
from mingchan.oversight.jointwork.models import Tally, TallyEnd
from mingchan.oversight.jointwork.queries import serving

MISSING, QUIET, ACTING = "missing", "quiet", "acting"


class Acted(NamedTuple):
    """How often an act was recorded in the year, and its last record."""

    count: int
    last_seq: int


class Standing(NamedTuple):
    """A clause on the wall. `state`: missing (nothing serves it), quiet (nothing of it this year), acting."""

    clause: Clause
    events: tuple[EventKind, ...]
    refusals: int
    steps: int
    pages: int
    checks: int
    institutions: int
    acted: int
    last_seq: int | None
    last_on: date | None
    open: int
    state: str


def acted_in(year: int) -> dict[str, Acted]:
    """How often each act was recorded in a year: what was counted before, and the records since, in two statements."""
    rows = Tally.objects.filter(year=year).values_list("act", "count", "last_seq")
    found = {act: Acted(count, last) for act, count, last in rows}
    size = TallyEnd.objects.filter(id=1).values_list("size", flat=True).first() or 0
    since = Record.objects.filter(seq__gte=size, on__gte=date(year, 1, 1), on__lte=date(year, 12, 31))
    for act, count, last in since.values("act").annotate(n=Count("seq"), m=Max("seq")).values_list("act", "n", "m"):
        found[act] = Acted(count + (found[act].count if act in found else 0), last)
    return found


def years() -> list[int]:
    """Years in which anything was counted, newest first."""
    return sorted(set(Tally.objects.values_list("year", flat=True)), reverse=True)


def wall(county: str, year: int, on: date) -> list[Standing]:
    """Every clause in the order of the plan, in a handful of statements whatever the size of the log."""
    acted, watched = acted_in(year), serving.checks(county)
    papers = institutions.by_clause(county, on)
    refused, steps = serving.refusals(), serving.steps()
    found: list[Standing] = []
    for clause in policy.clauses().values():
        kinds = policy.events_serving(clause.id)
        counts = [acted[kind.code] for kind in kinds if kind.code in acted]
        checks = watched.get(clause.id, [])
        serves = (
            len(refused.get(clause.id, ())), len(steps.get(clause.id, ())), len(clause.served_by), len(checks),
        )  # fmt: skip
        total = sum(one.count for one in counts)
        last = max((one.last_seq for one in counts), default=None)
        state = ACTING if total else QUIET if kinds or any(serves) else MISSING
        found.append(
            Standing(
                clause, kinds, *serves, len(papers.get(clause.id, ())), total, last, None,
                sum(one.open for one in checks), state,
            )
        )  # fmt: skip
    return _with_days(found)


def _with_days(rows: list[Standing]) -> list[Standing]:
    seqs = {row.last_seq for row in rows if row.last_seq is not None}
    days: Mapping[int, date] = dict(Record.objects.filter(seq__in=seqs).values_list("seq", "on"))
    return [row._replace(last_on=days.get(row.last_seq)) if row.last_seq is not None else row for row in rows]


def events_of(clause: Clause, year: int) -> list[tuple[EventKind, Acted | None]]:
    """The events that serve a clause, those that acted most first."""
    acted = acted_in(year)
    rows = [(kind, acted.get(kind.code)) for kind in policy.events_serving(clause.id)]
    return sorted(rows, key=lambda row: (-(row[1].count if row[1] else 0), row[0].code))
