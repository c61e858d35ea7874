"""A workbook changed and handed in again: held row by row against the version applied before (差异)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.interfaces.exchange import permissions, rules
from mingchan.interfaces.exchange.choices import BatchState, Difference, SheetKind
from mingchan.interfaces.exchange.models import Batch, RowDifference
from mingchan.interfaces.exchange.services import locking, source
from mingchan.interfaces.exchange.understanding import catalogue
from mingchan.interfaces.exchange.understanding.intake import read_workbook
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.register.assets.models import Origin

LIKE_ENOUGH = 0.5
Row = dict[str, Any]


def rows_of(batch: Batch) -> list[Row]:
    """The register rows of a batch's workbook as fields by name, each with its sheet and row number."""
    found: list[Row] = []

    def take(sheet: str, kind: str, rows: Sequence[Sequence[Any]]) -> None:
        if kind == SheetKind.REGISTER:
            names = catalogue.REGISTER_FIELDS
            found.extend({**dict(zip(names, row, strict=True)), "sheet": sheet} for row in rows)

    read_workbook(source.path_of(batch), options=source.options_of(batch), on_rows=take, on_issues=lambda _issues: None)
    return found


def compare(batch: Batch) -> None:
    """Find the version applied before, if this workbook is one of its successors, and keep every difference.

    It is one when it has a sheet of the same shape and at least half of its rows have a counterpart there.
    """
    batch.differences.all().delete()
    predecessor = _predecessor(batch)
    batch.predecessor = predecessor
    batch.save(update_fields=["predecessor"])
    if predecessor is None:
        return
    old, new = rows_of(predecessor), rows_of(batch)
    pairs, gone, added = rules.pair_rows(old, new)
    if not pairs or len(pairs) < LIKE_ENOUGH * len(new):
        batch.predecessor = None
        batch.save(update_fields=["predecessor"])
        return
    assets = {
        (sheet, row): asset
        for sheet, row, asset in Origin.objects.filter(asset__source=f"batch:{predecessor.pk}").values_list(
            "sheet__name", "row", "asset_id"
        )
    }
    differences = [
        RowDifference(
            batch=batch,
            kind=Difference.CHANGED,
            sheet=after["sheet"],
            row=after["row"],
            asset_id=assets.get((before["sheet"], before["row"])),
            title=after["name"],
            changes=[_in_words(change) for change in changes],
            chosen=True,
        )
        for before, after in pairs
        if (changes := rules.field_differences(before, after))
    ]
    differences += [
        RowDifference(
            batch=batch,
            kind=Difference.ADDED,
            sheet=row["sheet"],
            row=row["row"],
            title=row["name"],
            changes=[],
            chosen=True,
        )
        for row in added
    ]
    differences += [
        RowDifference(
            batch=batch,
            kind=Difference.GONE,
            sheet=row["sheet"],
            row=row["row"],
            asset_id=assets.get((row["sheet"], row["row"])),
            title=row["name"],
            changes=[],
            chosen=False,
        )
        for row in gone
    ]
    RowDifference.objects.bulk_create(differences, batch_size=500)


def _predecessor(batch: Batch) -> Batch | None:
    shapes = {
        sheet["shape"] for sheet in batch.summary["sheets"] if sheet["kind"] == SheetKind.REGISTER and sheet["shape"]
    }
    if not shapes:
        return None
    applied = Batch.objects.filter(county=batch.county, state=BatchState.APPLIED, shape__in=shapes).exclude(pk=batch.pk)
    same_name = applied.filter(file_name=batch.file_name).order_by("-applied_at").first()
    return same_name or applied.order_by("-applied_at").first()


def _in_words(change: Row) -> Row:
    field = catalogue.field_of(SheetKind.REGISTER, change["field"].removesuffix("_fen").removesuffix("_milli"))
    return {
        "field": change["field"],
        "label": field.label if field else change["field"],
        "old": _text(change["field"], change["old"]),
        "new": _text(change["field"], change["new"]),
    }


def _text(field: str, value: Any) -> str:
    if value is None or value == "":
        return _("（空）")
    if field.endswith("_fen"):
        return money.format_yuan(value)
    if field.endswith("_milli"):
        return money.format_quantity(value)
    return str(value)


@transaction.atomic
def choose_differences(batch_id: int, chosen: Sequence[int], shown: Sequence[int], *, actor: Actor, on: date) -> Batch:
    """Say which of the differences shown are to be applied; those on other pages keep their choice."""
    batch = locking.lock(batch_id, actor)
    permissions.require_import(actor)
    locking.require_state(batch, BatchState.READY)
    batch.differences.filter(pk__in=list(shown)).update(chosen=False)
    batch.differences.filter(pk__in=[number for number in chosen if number in set(shown)]).update(chosen=True)
    return batch
