"""Writing findings (问题入账): born, changed and ended in bulk, each with its step, its period and its record."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import orjson
from django.db import transaction
from django.utils import translation

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.protection import child_names, document_names, from_values
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.oversight.supervision import events
from mingchan.oversight.supervision.choices import Act
from mingchan.oversight.supervision.models import Finding, Period, Step
from mingchan.oversight.supervision.queries.documents import FINDING, documents_of

CHUNK = 1000
SYSTEM = "监督检查"


@dataclass(frozen=True)
class Change:
    """A step to take with findings: the act, its event, how the row changes, and words for the journal."""

    act: Act
    kind: EventKind
    alter: Callable[[Finding], None]
    text: str = ""
    opens: bool = False
    closes: bool = False


def packed(figures: Any) -> str:
    """Figures as they are kept: one text for the same figures."""
    return orjson.dumps(figures, option=orjson.OPT_SORT_KEYS).decode()


def words(title: Any) -> str:
    """A check's title for the record, always in the language of the log."""
    with translation.override("zh-hans"):
        return str(title)


def born(found: Iterable[Finding], title: Any, *, actor: Actor, on: date, done_by: str = "", text: str = "") -> int:
    """Write new findings with their first period and step, and record each; returns how many."""
    rest, count = iter(found), 0
    names = document_names(Finding)
    period_names, step_names = (child_names(child) for child in FINDING.children)
    while chunk := list(islice(rest, CHUNK)):
        size = len(chunk)
        with transaction.atomic():
            first, period, step = (reserve_ids(model, size) for model in (Finding, Period, Step))
            periods, steps = [], []
            for index, one in enumerate(chunk):
                one.pk = first + index
                periods.append(Period(pk=period + index, finding_id=one.pk, opened_on=on))
                steps.append(
                    Step(
                        pk=step + index, finding_id=one.pk, act=Act.FOUND, on=on, done_by=done_by or SYSTEM, text=text,
                        figures=one.figures,
                    )
                )  # fmt: skip
            Finding.objects.bulk_create(chunk, batch_size=CHUNK)
            Period.objects.bulk_create(periods, batch_size=CHUNK)
            Step.objects.bulk_create(steps, batch_size=CHUNK)
            rows = (
                (
                    f"finding:{one.pk}",
                    one.division_code,
                    {
                        **_document(names, one),
                        "periods": [_document(period_names, periods[index])],
                        "steps": [_document(step_names, steps[index])],
                    },
                )
                for index, one in enumerate(chunk)
            )
            _record(Change(Act.FOUND, events.FOUND, lambda _one: None), rows, title, actor, on)
        count += size
    return count


def _document(names: Sequence[str], row: Any) -> dict[str, Any]:
    return from_values(names, [getattr(row, name) for name in names])


def _record(change: Change, rows: Iterable[Sequence[Any]], title: Any, actor: Actor, on: date) -> None:
    evidence.record_many(change.kind, rows, actor=actor, on=on, reason=change.text, facts={"check": words(title)})


def change(
    keys: Sequence[int], taken: Change, title: Any, *, actor: Actor, on: date, office: str = "", done_by: str = ""
) -> int:
    """Take a step with findings: step first, then the row and its period, and record each; returns how many."""
    for start in range(0, len(keys), CHUNK):
        with transaction.atomic():
            part = list(
                Finding.objects.select_for_update(of=("self",))
                .filter(pk__in=keys[start : start + CHUNK])
                .order_by("pk")
            )
            before = documents_of(part)
            for one in part:
                taken.alter(one)
                one.version += 1
            _steps(part, taken, on, office, done_by)
            if taken.closes:
                open_periods = Period.objects.filter(finding__in=part, closed_on__isnull=True)
                open_periods.update(closed_on=on)
            if taken.opens:
                Period.objects.bulk_create([Period(finding=one, opened_on=on) for one in part], batch_size=CHUNK)
            Finding.objects.bulk_update(
                part,
                [
                    "state", "figures", "since", "found_on", "due_on", "gone_on", "closed_on", "escalated_on", "waived_until",
                    "case", "times", "office", "office_name", "person_name", "title", "division_code", "family", "severity",
                    "version",
                ],
                batch_size=200,
            )  # fmt: skip
            after = documents_of(part)
            rows = [(f"finding:{one.pk}", one.division_code, after[one.pk], before[one.pk]) for one in part]
            _record(taken, rows, title, actor, on)
    return len(keys)


def _steps(part: Sequence[Finding], taken: Change, on: date, office: str, done_by: str) -> None:
    Step.objects.bulk_create(
        [
            Step(
                finding=one, act=taken.act, on=on, office_name=office, done_by=done_by or SYSTEM, text=taken.text,
                figures=one.figures if taken.act in (Act.CHANGED, Act.RETURNED) else "",
            )
            for one in part
        ],
        batch_size=CHUNK,
    )  # fmt: skip


def one(
    finding: Finding, taken: Change, title: Any, *, actor: Actor, on: date, office: str = "", facts: Any = None
) -> Finding:
    """Take a step with one finding by a person: the step, the row, its period and one record."""
    before = documents_of([finding])[finding.pk]
    taken.alter(finding)
    finding.version += 1
    Step.objects.create(
        finding=finding, act=taken.act, on=on, office_name=office, done_by=actor.name or SYSTEM, text=taken.text
    )
    if taken.closes:
        Period.objects.filter(finding=finding, closed_on__isnull=True).update(closed_on=on)
    if taken.opens:
        Period.objects.create(finding=finding, opened_on=on)
    finding.save()
    evidence.record(
        taken.kind,
        Ref("finding", finding.pk),
        actor=actor,
        on=on,
        before=before,
        after=documents_of([finding])[finding.pk],
        division=finding.division_code,
        reason=taken.text,
        facts={"check": words(title), **(facts or {})},
    )
    return finding
