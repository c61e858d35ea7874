"""How assets are operated, through time (经营方式期间): a mode begins and ends by a finished case (2.4.2b)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import translation

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of, reserve_ids
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import events
from mingchan.lifecycle.operation.models import Change, Changed, ModePeriod
from mingchan.lifecycle.operation.queries import packs
from mingchan.lifecycle.operation.queries.documents import document
from mingchan.register.assets.models import Asset

NAMES = tuple(field.name for field in ModePeriod._meta.concrete_fields)
DOCUMENT = protection.document_names(ModePeriod)


def is_settled(asset_ids: Sequence[int], mode: str) -> bool:
    """Whether every asset is operated in this mode already, by a finished case."""
    chosen = one_of(asset_ids, "bigint")
    there = ModePeriod.objects.filter(asset__in=chosen, mode=mode, valid_to__isnull=True).count()
    return bool(asset_ids) and there == len(set(asset_ids))


def begin(asset_ids: Sequence[int], mode: str, case_id: int, *, actor: Actor, on: date) -> int:
    """Have assets operated in a mode from a day; those that are already stay as they are. Returns how many changed."""
    chosen = one_of(asset_ids, "bigint")
    kept = set(
        ModePeriod.objects.filter(asset__in=chosen, mode=mode, valid_to__isnull=True).values_list("asset_id", flat=True)
    )
    moved = [key for key in asset_ids if key not in kept]
    if not moved:
        return 0
    end(moved, actor=actor, on=on)
    where = dict(Asset.objects.filter(pk__in=one_of(moved, "bigint")).values_list("pk", "division_code"))
    first = reserve_ids(ModePeriod, len(moved))
    rows = [(first + place, actor.county, key, mode, on, None, case_id) for place, key in enumerate(moved)]
    insert_rows(ModePeriod, NAMES, rows)
    evidence.record_many(
        events.MODE_SET,
        [(f"mode_period:{row[0]}", where[row[2]], protection.from_values(DOCUMENT, row)) for row in rows],
        actor=actor,
        on=on,
        facts={"mode": _name(mode), "count": len(rows)},
    )
    return len(moved)


def end(asset_ids: Sequence[int], *, actor: Actor, on: date) -> None:
    """End the assets' present modes on a day."""
    rows = ModePeriod.objects.filter(asset__in=one_of(asset_ids, "bigint"), valid_to__isnull=True)
    before = {row[0]: row for row in rows.values_list(*DOCUMENT)}
    if not before:
        return
    rows.update(valid_to=Greatest(F("valid_from"), on))
    changed = ModePeriod.objects.filter(pk__in=one_of(sorted(before), "bigint")).order_by("pk")
    where = dict(changed.values_list("pk", "asset__division_code"))
    place = DOCUMENT.index("mode")
    evidence.record_many(
        events.MODE_ENDED,
        [
            (
                f"mode_period:{row[0]}", where[row[0]], protection.from_values(DOCUMENT, row),
                protection.from_values(DOCUMENT, before[row[0]]),
            )
            for row in changed.values_list(*DOCUMENT)
        ],
        actor=actor,
        on=on,
        facts={"mode": _name(next(iter(before.values()))[place]), "count": len(before)},
    )  # fmt: skip


def _name(mode: str) -> str:
    with translation.override("zh-hans"):
        return packs.mode_label(mode)


def pass_on(lot: int, parts: Sequence[int], *, actor: Actor, on: date) -> None:
    """Have the parts of a split lot operated as the lot was, by the same case."""
    present = ModePeriod.objects.filter(asset=lot, valid_to__isnull=True).first()
    if present is None:
        return
    for change in Change.objects.filter(case=present.case_id):
        before = document(change)
        Changed.objects.bulk_create(Changed(change=change, asset_id=key) for key in parts)
        evidence.record(
            events.CHANGED,
            Ref("operation_change", change.pk),
            actor=actor,
            on=on,
            before=before,
            after=document(change),
            division=change.division_code,
            facts={"kind": change.get_kind_display()},
        )
    begin(parts, present.mode, present.case_id, actor=actor, on=on)
    end([lot], actor=actor, on=on)
