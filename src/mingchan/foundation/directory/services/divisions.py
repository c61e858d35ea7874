"""Loading divisions (载入区划): the official lists become present divisions, former names and successors."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from mingchan.foundation.directory import events, permissions, rules
from mingchan.foundation.directory.models import Division, DivisionName
from mingchan.foundation.directory.services import protected
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy.queries import DivisionRow
from mingchan.kernel import database
from mingchan.kernel.actor import Actor

_FIELDS = (
    "code", "name", "level", "parent_code", "first_vintage", "last_vintage", "is_current", "successor_code",
)  # fmt: skip
_NAME_FIELDS = ("code", "name", "level", "parent_code", "first_vintage", "last_vintage")


@transaction.atomic
def load_divisions(rows: Iterable[DivisionRow], *, actor: Actor, on: date) -> int:
    """Bring divisions and their former names up to the given lists; returns how many divisions were added or changed.

    `rows` is every name of every division with its vintages (`policy.divisions_file()`). Loading the same lists again
    changes nothing; a division never leaves, it only stops being current. Raises NotAllowed without `party.manage`.
    """
    permissions.require(actor, permissions.MANAGE_PARTIES, actor.county.ljust(12, "0"))
    names = [rules.NameRow(r.code, r.name, r.level, r.parent_code, r.first_vintage, r.last_vintage) for r in rows]
    wanted = _wanted(names)
    present = {row.code: row for row in Division.objects.filter(code__in=list(wanted))}
    added = [row for code, row in wanted.items() if code not in present]
    changed = []
    for code, row in wanted.items():
        old = present.get(code)
        if old is not None and any(getattr(old, field) != getattr(row, field) for field in _FIELDS):
            changed.append((old, row))
    known = set(DivisionName.objects.values_list("code", "name", "first_vintage"))
    new_names = [row for row in names if (row.code, row.name, row.first_vintage) not in known]
    database.insert_rows(DivisionName, _NAME_FIELDS, new_names)
    if added:
        database.insert_rows(Division, _FIELDS, [tuple(getattr(row, field) for field in _FIELDS) for row in added])
    if changed:
        Division.objects.bulk_update([row for _old, row in changed], _FIELDS[1:])
    _record(added, changed, actor, on)
    return len(added) + len(changed)


def _wanted(names: list[rules.NameRow]) -> dict[str, Division]:
    newest = max((row.last_vintage for row in names), default=date.min)
    successors = rules.successors(names)
    wanted: dict[str, Division] = {}
    for row in sorted(names, key=lambda row: (row.code, row.first_vintage)):
        earlier = wanted.get(row.code)
        current = row.last_vintage == newest
        wanted[row.code] = Division(
            code=row.code,
            name=rules.short_name(row.name),
            level=row.level,
            parent_code=row.parent_code,
            first_vintage=earlier.first_vintage if earlier else row.first_vintage,
            last_vintage=row.last_vintage,
            is_current=current,
            successor_code="" if current else successors.get(row.code, ""),
        )
    return wanted


def _record(added: list[Division], changed: list[tuple[Division, Division]], actor: Actor, on: date) -> None:
    if added:
        evidence.record_many(
            events.DIVISION_LOADED,
            [(f"division:{row.code}", row.code, protected.document(row)) for row in added],
            actor=actor,
            on=on,
            facts={"name": added[0].name, "count": len(added)},
        )
    if changed:
        pairs: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
            (f"division:{new.code}", new.code, protected.document(new), protected.document(old)) for old, new in changed
        ]
        evidence.record_many(events.DIVISION_CHANGED, pairs, actor=actor, on=on, facts={"count": len(changed)})
