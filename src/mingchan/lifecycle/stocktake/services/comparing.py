"""Comparing what was seen with what should be there (账实核对): outcomes of lines, and the differences that follow."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.lifecycle.stocktake import events, rules
from mingchan.lifecycle.stocktake.choices import Decision, DifferenceKind, DifferenceState, Outcome
from mingchan.lifecycle.stocktake.models import Difference, Line, Plan, Task
from mingchan.lifecycle.stocktake.queries import seeing
from mingchan.lifecycle.stocktake.queries.documents import DIFFERENCE
from mingchan.lifecycle.stocktake.services import keeping
from mingchan.register.assets.models import Asset

_LINE = (
    "id", "code", "task_id", "asset_id", "name", "unit", "model", "quantity_milli", "cost_fen", "division_code",
    "condition",
)  # fmt: skip
_FACTS = ("found_milli", "seen_task_id", "seen", "condition")
"""Columns of an open difference that follow the events."""
WROTE = 50_000


def compare(plan: Plan, codes: Collection[str] | None = None, *, actor: Actor, on: date) -> int:
    """Compare all assets of a plan, or some, with what was seen; answers how many differences are open among them.

    Open differences follow the events: new ones come, those that are no more lapse, a disagreement that a checker
    decided is settled by that. What is decided or settled stays as it is. The caller holds the plan. Set-based: a
    handful of statements, however many assets.
    """
    lines = Line.objects.filter(plan=plan)
    if codes is not None:
        lines = lines.filter(code__in=one_of(codes))
    rows = {row[1]: row for row in lines.order_by().values_list(*_LINE)}
    booked = {row[1]: rules.Booked(row[7], str(row[2]), row[10]) for row in rows.values()}
    found = rules.truth(seeing.events_of(plan.pk, codes), booked)
    wanted: dict[str, dict[str, Any]] = {}
    outcomes: list[tuple[int, str, int | None, int | None]] = []
    for code, row in rows.items():
        standing = found.of(code)
        gaps = rules.gaps(code, standing, booked[code])
        outcomes.append((row[0], *outcome_of(standing, gaps, row[7], row[8])))
        for gap in gaps:
            wanted[f"{gap.kind}:{code}"] = _of_line(gap, row)
    strangers = {
        code: standing
        for code, standing in found.standings.items()
        if code not in rows and (codes is None or code in codes)
    }
    wanted |= _of_strangers(strangers, actor)
    wanted |= {f"SURPLUS:{event.id}": _of_surplus(event) for event in found.surplus}
    _write_outcomes(outcomes)
    decided = {code for code, standing in found.standings.items() if standing.state == "DECIDED"}
    return _reconcile(plan, wanted, codes, decided, actor=actor, on=on)


def outcome_of(
    standing: rules.Standing, gaps: Iterable[rules.Gap], booked_milli: int, cost_fen: int
) -> tuple[str, int | None, int | None]:
    """What became of a line: the outcome, the quantity found, and its part of the cost."""
    kinds = {gap.kind for gap in gaps}
    if DifferenceKind.UNSEEN in kinds:
        return Outcome.UNSEEN.value, None, None
    if DifferenceKind.DISAGREE in kinds or standing.verdict is None:
        return Outcome.DIFFERS.value, None, None
    found = standing.verdict.quantity_milli
    fen = cost_fen if found >= booked_milli else cost_fen * found // booked_milli
    if DifferenceKind.SHORTAGE in kinds:
        return Outcome.MISSING.value, 0, 0
    if kinds - {DifferenceKind.UNLABELLED}:
        return Outcome.DIFFERS.value, found, fen
    return Outcome.MATCH.value, found, fen


def _of_line(gap: rules.Gap, row: tuple[Any, ...]) -> dict[str, Any]:
    _id, code, task, asset, name, unit, model, quantity, cost, division, _condition = row
    return {
        "kind": str(gap.kind),
        "task_id": task,
        "asset_id": asset,
        "division_code": division,
        "code": code,
        "name": name,
        "unit": unit,
        "model": model,
        "booked_milli": quantity,
        "cost_fen": cost,
        "found_milli": gap.found_milli,
        "seen_task_id": int(gap.place) if gap.place.isdecimal() else None,
        "seen": _words(gap),
        "condition": gap.condition[:40],
    }


def _words(gap: rules.Gap) -> str:
    parts = [gap.place_text, gap.note, gap.label if gap.kind == DifferenceKind.UNLABELLED else ""]
    return "；".join(part for part in parts if part)[:500]


def _of_strangers(strangers: Mapping[str, rules.Standing], actor: Actor) -> dict[str, dict[str, Any]]:
    """Assets of the register that aren't part of the stocktake, seen at one of its places."""
    if not strangers:
        return {}
    columns = (
        "id", "code", "name", "unit", "model", "quantity_milli", "cost_fen", "division_code", "condition",
    )  # fmt: skip
    rows = Asset.objects.filter(county=actor.county, code__in=one_of(strangers)).values_list(*columns)
    wanted = {}
    for key, code, *rest in rows:
        for gap in rules.gaps(code, strangers[code], None):
            made = _of_line(gap, (key, code, None, key, *rest))
            made["task_id"] = made["seen_task_id"]
            wanted[f"{gap.kind}:{code}"] = made
    return wanted


def _of_surplus(event: rules.Seen) -> dict[str, Any]:
    data = event.data
    task = int(event.at) if event.at else None
    return {
        "kind": DifferenceKind.SURPLUS.value,
        "task_id": task,
        "asset_id": None,
        "division_code": "",
        "code": "",
        "name": str(data.get("name", ""))[:120],
        "unit": str(data.get("unit", ""))[:20],
        "model": str(data.get("model", ""))[:120],
        "booked_milli": 0,
        "cost_fen": 0,
        "found_milli": rules.milli(data.get("quantity")) or rules.MILLI,
        "seen_task_id": int(data["place"]) if str(data.get("place", "")).isdecimal() else task,
        "seen": str(data.get("note", ""))[:500],
        "condition": "",
    }


def _write_outcomes(outcomes: list[tuple[int, str, int | None, int | None]]) -> None:
    """Write what became of the lines: one statement for tens of thousands of them."""
    head = "UPDATE stocktake_line SET outcome = w.outcome, found_milli = w.milli, found_fen = w.fen FROM "
    if connection.vendor == "sqlite":
        given = (
            "(SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS outcome, "
            "json_extract(value, '$[2]') AS milli, json_extract(value, '$[3]') AS fen FROM json_each(%s)) AS w"
        )
    else:
        given = (
            "(SELECT (value->>0)::bigint AS id, value->>1 AS outcome, (value->>2)::bigint AS milli, "
            "(value->>3)::bigint AS fen FROM jsonb_array_elements(%s::jsonb)) AS w"
        )
    with connection.cursor() as cursor:
        for start in range(0, len(outcomes), WROTE):
            rows = orjson.dumps(outcomes[start : start + WROTE]).decode()
            cursor.execute(head + given + " WHERE stocktake_line.id = w.id", [rows])


def _reconcile(
    plan: Plan,
    wanted: dict[str, dict[str, Any]],
    codes: Collection[str] | None,
    decided: Collection[str],
    *,
    actor: Actor,
    on: date,
) -> int:
    """Bring the rows of differences in line with what is wanted; answers how many of them are open."""
    known = Difference.objects.filter(plan=plan)
    if codes is not None:
        known = known.filter(Q(code__in=one_of(codes)) | Q(kind=DifferenceKind.SURPLUS))
    divisions = dict(Task.objects.filter(plan=plan).values_list("pk", "division_code"))
    changed: list[tuple[Difference, dict[str, Any]]] = []
    lapsed: list[tuple[Difference, dict[str, Any]]] = []
    still_open = 0
    for row in known.order_by("pk"):
        facts = wanted.pop(row.key, None)
        before = protection.document(DIFFERENCE, row)
        if row.state in (DifferenceState.DECIDED, DifferenceState.SETTLED):
            continue
        if facts is None:
            if row.state == DifferenceState.OPEN:
                _end(row, decided, actor, on)
                lapsed.append((row, before))
            continue
        still_open += 1
        if row.state == DifferenceState.OPEN and all(getattr(row, name) == facts[name] for name in _FACTS):
            continue
        for name in _FACTS:
            setattr(row, name, facts[name])
        row.state, row.settled_on, row.found_on = DifferenceState.OPEN, None, on
        row.version += 1
        changed.append((row, before))
    made = [Difference(plan=plan, key=key, found_on=on, **facts) for key, facts in wanted.items()]
    for row in made:
        row.division_code = row.division_code or divisions.get(row.task_id or 0, "") or plan.county
    names = [field.name for field in Difference._meta.concrete_fields if not field.primary_key]
    both = [row for row, _before in (*changed, *lapsed)]
    if both:
        Difference.objects.bulk_update(both, names, batch_size=500)
    told = {"number": plan.number}
    for rows, kind in ((changed, events.DIFFERED), (lapsed, events.LAPSED)):
        keeping.trace(
            DIFFERENCE, rows, kind, division=_division, facts={**told, "count": len(rows)}, actor=actor, on=on
        )  # fmt: skip
    keeping.add_all(
        DIFFERENCE,
        made,
        events.DIFFERED,
        division=_division,
        facts={**told, "count": len(made)},
        actor=actor,
        on=on,
    )
    return still_open + len(made)


def _division(row: Difference) -> str:
    return row.division_code


def _end(row: Difference, decided: Collection[str], actor: Actor, on: date) -> None:
    """End a difference that is no more: a disagreement by the checker's word, others by what was seen since."""
    row.settled_on = on
    row.version += 1
    if row.kind == DifferenceKind.DISAGREE and row.code in decided:
        row.state, row.decision = DifferenceState.SETTLED, Decision.VIEW
        row.reason, row.decided_on, row.decided_by = _("复核人认定"), on, actor.name
        return
    row.state = DifferenceState.LAPSED
