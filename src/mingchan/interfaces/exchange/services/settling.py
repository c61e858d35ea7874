"""What a person settles before the import: columns, cells, sheets left out, sources admitted from outside the scope."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence import services as evidence
from mingchan.interfaces.exchange import events, permissions, rules
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch, Correction, RememberedMapping
from mingchan.interfaces.exchange.services import locking
from mingchan.interfaces.exchange.understanding import messages
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref

SETTLED_IN = (BatchState.READY, BatchState.REFUSED)


def _taken(batch_id: int, actor: Actor) -> Batch:
    """The batch, locked for an actor who may import, while it can still be settled."""
    batch = locking.lock(batch_id, actor)
    permissions.require_import(actor, batch.purpose)
    locking.require_state(batch, *SETTLED_IN)
    return batch


def _record(kind: EventKind, batch: Batch, facts: dict[str, Any], *, actor: Actor, on: date, reason: str = "") -> None:
    evidence.record(
        kind,
        Ref("batch", batch.pk),
        actor=actor,
        on=on,
        division=batch.county,
        reason=reason,
        facts={"file": batch.file_name, **facts},
    )


@transaction.atomic
def set_mapping(batch_id: int, sheet: str, mapping: dict[str, str], *, actor: Actor, on: date) -> Batch:
    """Say which field each column of a sheet holds (`{"0": "site", …}`), and remember it for sheets of the same shape.

    The batch must be read again afterwards. Raises Refusal when one field is given twice.
    """
    batch = _taken(batch_id, actor)
    chosen = [field for field in mapping.values() if field]
    twice = sorted({field for field in chosen if chosen.count(field) > 1})
    if twice:
        raise Refusal(_("同一字段不能对应两列，请重新选择。"), clauses=("2.2",), field=twice[0])
    view = next((s for s in batch.summary.get("sheets", ()) if s["name"] == sheet), None)
    if view is None:
        raise NotFound(_("没有这个工作表。"))
    missing = rules.missing_columns(view["kind"], chosen)
    if missing:
        labels = "、".join(messages.field_label(view["kind"], name) for name in missing)
        raise Refusal(_("还没有指定：%(labels)s。缺了它们，这张表无法登记。") % {"labels": labels}, clauses=("2.2",))
    batch.mapping = {**batch.mapping, sheet: mapping}
    batch.save(update_fields=["mapping"])
    if shape := view["shape"]:
        RememberedMapping.objects.update_or_create(
            county=batch.county, shape=shape, defaults={"mapping": mapping, "set_by": actor.name, "set_on": on}
        )
    _record(events.MAPPED, batch, {"sheet": sheet, "mapping": mapping}, actor=actor, on=on)
    return batch


@transaction.atomic
def forget_mapping(batch_id: int, sheet: str, *, actor: Actor, on: date) -> Batch:
    """Go back to what the headings say, for this workbook and for later ones of its shape."""
    batch = _taken(batch_id, actor)
    shapes = [s["shape"] for s in batch.summary.get("sheets", ()) if s["name"] == sheet and s["shape"]]
    RememberedMapping.objects.filter(county=batch.county, shape__in=shapes).delete()
    batch.mapping = {name: columns for name, columns in batch.mapping.items() if name != sheet}
    batch.save(update_fields=["mapping"])
    _record(events.MAPPED, batch, {"sheet": sheet}, actor=actor, on=on)
    return batch


def _require_cell(batch: Batch, sheet: str, row: int) -> None:
    """Raises Refusal unless the row lies below the headings of a sheet that is imported."""
    view = next((s for s in batch.summary.get("sheets", ()) if s["name"] == sheet), None)
    if view is None or row <= (view["header_rows"] or (0, 0))[1]:
        raise Refusal(_("没有这个单元格。"))


@transaction.atomic
def correct_cell(
    batch_id: int, sheet: str, row: int, column: str, text: str, *, original: str = "", actor: Actor, on: date
) -> Correction:
    """Put one cell right before the import; the file stays as it came. The batch must be read again afterwards."""
    batch = _taken(batch_id, actor)
    column = column.strip().upper()
    if row < 1 or not column.isascii() or not column.isalpha() or len(column) > 3:
        raise Refusal(_("没有这个单元格。"))
    _require_cell(batch, sheet, row)
    standing = batch.corrections.filter(sheet=sheet, row=row, column=column).first()
    correction, _created = Correction.objects.update_or_create(
        batch=batch,
        sheet=sheet,
        row=row,
        column=column,
        defaults={
            "text": text.strip(),
            "original": standing.original if standing else original,
            "made_by": actor.name,
            "made_at": utc_now(),
        },
    )
    _record(
        events.CORRECTED,
        batch,
        {
            "sheet": sheet,
            "row": row,
            "column": column,
            "from": correction.original,
            "to": correction.text,
        },
        actor=actor,
        on=on,
    )
    return correction


@transaction.atomic
def exclude_sheets(batch_id: int, sheets: list[str], *, actor: Actor, on: date) -> Batch:
    """Say which sheets are not to be imported. The batch must be read again afterwards."""
    batch = _taken(batch_id, actor)
    known = {sheet["name"] for sheet in batch.summary.get("sheets", ())}
    batch.excluded = [sheet for sheet in sheets if sheet in known]
    batch.save(update_fields=["excluded"])
    _record(events.CHOSEN, batch, {"left_out": "、".join(batch.excluded) or "—"}, actor=actor, on=on)
    return batch


@transaction.atomic
def skip_row(batch_id: int, sheet: str, row: int, *, skip: bool = True, actor: Actor, on: date) -> Batch:
    """Leave one row out of the import, or take it in again. The batch must be read again afterwards."""
    batch = _taken(batch_id, actor)
    _require_cell(batch, sheet, row)
    rows = set(batch.skipped.get(sheet, ()))
    rows = rows | {row} if skip else rows - {row}
    batch.skipped = {**batch.skipped, sheet: sorted(rows)}
    batch.save(update_fields=["skipped"])
    _record(events.SKIPPED if skip else events.TAKEN, batch, {"sheet": sheet, "row": row}, actor=actor, on=on)
    return batch


@transaction.atomic
def admit(batch_id: int, funding_text: str, reason: str, *, actor: Actor, on: date) -> Batch:
    """Admit assets of a source from outside the plan's scope, with the reason that is kept on each (2.1.1).

    Raises Refusal without a reason.
    """
    batch = _taken(batch_id, actor)
    if len(reason.strip()) < 4:
        raise Refusal(_("请写明准入理由。"), clauses=("2.1.1",), field="reason")
    batch.admitted = {**batch.admitted, funding_text: reason.strip()}
    batch.save(update_fields=["admitted"])
    _record(events.ADMITTED, batch, {"admitted": funding_text}, actor=actor, on=on, reason=reason.strip())
    return batch
