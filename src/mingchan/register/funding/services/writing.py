"""Rows as the log writes them (行与留痕): columns, values, where a row came from, one record for each row."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from django.db import models

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import canonical, links
from mingchan.kernel.actor import Actor
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.funding.choices import RowStatus
from mingchan.register.funding.drafts import AppropriationDraft, FundUseDraft


def county_code(actor: Actor) -> str:
    """The code of the actor's county in twelve digits."""
    return actor.county.ljust(12, "0")


def names(model: type[models.Model]) -> tuple[str, ...]:
    """The row's columns as the log writes them: every concrete field, keys with `_id`."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def values(names: Sequence[str], **given: Any) -> list[Any]:
    """The values in the order of the columns."""
    return [given[name] for name in names]


def origin(source: Ref, draft: AppropriationDraft | FundUseDraft) -> dict[str, Any]:
    """The columns that say where a row was read from."""
    originals = dict(draft.originals) if draft.originals else {}
    return {
        "status": RowStatus.ACTIVE.value,
        "source": str(source),
        "sheet": draft.sheet,
        "row": draft.row,
        "originals": orjson.dumps(originals, option=orjson.OPT_SORT_KEYS).decode() if originals else "",
    }


def record(
    kind: EventKind,
    noun: str,
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    source: Ref,
    actor: Actor,
    on: date,
    reason: str = "",
    changed: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Log each row in one pass and return the first log number. `changed` gives the new values of rows that change."""
    division = names.index("division_code") if "division_code" in names else None
    entries: list[tuple[Any, ...]] = []
    for row in rows:
        place = county_code(actor) if division is None else row[division]
        document = dict(zip(names, row, strict=True))
        entry = (str(Ref(noun, row[0])), place, canonical.without_nulls({**document, **(changed or {})}))
        entries.append(entry if changed is None else (*entry, canonical.without_nulls(document)))
    first_seq, _count = evidence.record_many(
        kind,
        entries,
        actor=actor,
        on=on,
        reason=reason,
        facts={"source": links.resolve(str(source)).title, **(facts or {})},
    )
    return first_seq
