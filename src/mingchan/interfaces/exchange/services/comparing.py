"""A workbook changed and handed in again: held row by row against the version applied before (差异)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.interfaces.exchange import permissions, rules
from mingchan.interfaces.exchange.choices import BatchState, Difference, SheetKind
from mingchan.interfaces.exchange.models import Batch, RowDifference, RowLink
from mingchan.interfaces.exchange.services import locking, source
from mingchan.interfaces.exchange.understanding import catalogue
from mingchan.interfaces.exchange.understanding.intake import read_workbook
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.register.assets.models import Origin

LIKE_ENOUGH = 0.5
CANDIDATES = 5
KEPT = ("sheet", "row", "asset_code", "site", *rules.COMPARED)
"""What is kept of a row's reading."""
Row = dict[str, Any]


@dataclass
class Comparison:
    """What the next version of a workbook would change, and which card each of its rows stands for. Not yet stored."""

    predecessor: Batch | None = None
    differences: list[RowDifference] = field(default_factory=list)
    links: list[RowLink] = field(default_factory=list)


def rows_of(batch: Batch) -> list[Row]:
    """The register rows of a batch's workbook as fields by name, each with its sheet and row number."""
    found: list[Row] = []
    names = catalogue.REGISTER_FIELDS
    stated = {
        sheet["name"]: {column["field"] for column in sheet["columns"] if column["field"]}
        for sheet in batch.summary["sheets"]
    }

    def take(sheet: str, kind: str, rows: Sequence[Sequence[Any]]) -> None:
        if kind != SheetKind.REGISTER:
            return
        inferred = [] if "year" in stated.get(sheet, ()) else ["year"]
        for values in rows:
            row = {"sheet": sheet, **dict(zip(names, values, strict=True))}
            found.append({name: row[name] for name in KEPT} | ({"inferred": inferred} if inferred else {}))

    read_workbook(source.path_of(batch), options=source.options_of(batch), on_rows=take, on_issues=lambda _issues: None)
    return found


def standing_rows(batch: Batch) -> list[tuple[Row, int]]:
    """The rows that an applied batch left in the register, as they stand there, each with its card."""
    cards: dict[tuple[str, int | None], tuple[int, Row]] = {
        (sheet, row): (asset, {})
        for sheet, row, asset in Origin.objects.filter(asset__source=f"batch:{batch.pk}").values_list(
            "sheet__name", "row", "asset_id"
        )
    }
    kept: list[tuple[Row, int]] = []
    for link in batch.links.all():
        if link.row:
            cards[(link.sheet, link.row)] = (link.asset_id, link.standing)
        else:
            kept.append((link.standing, link.asset_id))
    found = []
    for row in rows_of(batch):
        card = cards.get((row["sheet"], row["row"]))
        if card is not None:
            found.append(({**row, **card[1]}, card[0]))
    return found + kept


def find(batch: Batch) -> Comparison:
    """Hold a batch that was just read against the versions applied before it, and keep the one that fits best.

    A workbook is the next version of another when they share the shape of a sheet and at least half of its rows have a
    counterpart there.
    """
    best: tuple[int, Batch, list[tuple[Row, int]]] | None = None
    candidates = _candidates(batch)
    new = rows_of(batch) if candidates else []
    for candidate in candidates:
        standing = standing_rows(candidate)
        pairs, _gone, _added = rules.pair_rows([row for row, _asset in standing], new)
        if pairs and len(pairs) >= LIKE_ENOUGH * len(new) and (best is None or len(pairs) > best[0]):
            best = (len(pairs), candidate, standing)
            if len(pairs) == len(new) == len(standing):
                break
    if best is None:
        return Comparison()
    return _compared(batch, best[1], best[2], new)


def _compared(batch: Batch, predecessor: Batch, standing: list[tuple[Row, int]], new: list[Row]) -> Comparison:
    asset_of = {id(row): asset for row, asset in standing}
    pairs, gone, added = rules.pair_rows([row for row, _asset in standing], new)
    found = Comparison(predecessor)
    for before, after in pairs:
        asset = asset_of[id(before)]
        found.links.append(RowLink(batch=batch, sheet=after["sheet"], row=after["row"], asset_id=asset))
        changes = rules.field_differences(before, after)
        if changes:
            found.differences.append(_difference(batch, Difference.CHANGED, after, asset, changes, _kept(before)))
    found.differences += [_difference(batch, Difference.ADDED, row, None, [], {}) for row in added]
    found.differences += [_difference(batch, Difference.GONE, row, asset_of[id(row)], [], _kept(row)) for row in gone]
    return found


def _kept(row: rules.Row) -> Row:
    return {name: row.get(name) for name in rules.COMPARED} | {
        name: row[name] for name in ("site", "asset_code", "sheet") if row.get(name)
    }


def _difference(
    batch: Batch, kind: Difference, row: rules.Row, asset: int | None, changes: list[Row], standing: Row
) -> RowDifference:
    return RowDifference(
        batch=batch,
        kind=kind,
        sheet=row["sheet"],
        row=row.get("row") or 0,
        asset_id=asset,
        title=row["name"] or "",
        changes=[_in_words(change) for change in changes],
        standing=standing,
    )


def store(batch: Batch, comparison: Comparison) -> None:
    """Keep a comparison with its batch, in the transaction that makes the batch ready."""
    batch.differences.all().delete()
    batch.links.all().delete()
    RowDifference.objects.bulk_create(comparison.differences, batch_size=500)
    RowLink.objects.bulk_create(comparison.links, batch_size=1000)


def settle_links(batch: Batch) -> None:
    """After the entry: remember of what was not chosen how it stands in the register."""
    for difference in batch.differences.filter(chosen=False).exclude(kind=Difference.ADDED):
        assert difference.asset_id is not None
        if difference.kind == Difference.CHANGED:
            batch.links.filter(sheet=difference.sheet, row=difference.row).update(standing=difference.standing)
        else:
            RowLink.objects.create(
                batch=batch,
                sheet=difference.sheet,
                row=0,
                asset_id=difference.asset_id,
                standing={**difference.standing, "sheet": difference.sheet},
            )


def _candidates(batch: Batch) -> list[Batch]:
    """Applied batches that share the shape of a register sheet, one of the same file name first, then the newest."""
    shapes = _shapes(batch)
    if not shapes:
        return []
    applied = Batch.objects.filter(county=batch.county, state=BatchState.APPLIED).exclude(pk=batch.pk)
    like = [candidate for candidate in applied.order_by("-applied_at")[:50] if _shapes(candidate) & shapes]
    like.sort(key=lambda candidate: candidate.file_name != batch.file_name)
    return like[:CANDIDATES]


def _shapes(batch: Batch) -> set[str]:
    sheets = batch.summary.get("sheets", ())
    return {sheet["shape"] for sheet in sheets if sheet["kind"] == SheetKind.REGISTER and sheet["shape"]}


def _in_words(change: Row) -> Row:
    name = change["field"].removesuffix("_fen").removesuffix("_milli")
    field_of = catalogue.field_of(SheetKind.REGISTER, name)
    return {
        "field": change["field"],
        "label": field_of.label if field_of else change["field"],
        "old": _text(change["field"], change["old"]),
        "new": _text(change["field"], change["new"]),
    }


def _text(name: str, value: Any) -> str:
    if value is None or value == "":
        return _("（空）")
    if name.endswith("_fen"):
        return money.format_yuan(value)
    if name.endswith("_milli"):
        return money.format_quantity(value)
    return str(value)


@transaction.atomic
def choose_differences(batch_id: int, chosen: Sequence[int], shown: Sequence[int], *, actor: Actor, on: date) -> Batch:
    """Say which of the differences shown are to be applied; those on other pages keep their choice."""
    batch = _to_choose(batch_id, actor)
    batch.differences.filter(pk__in=list(shown)).update(chosen=False)
    batch.differences.filter(pk__in=[number for number in chosen if number in set(shown)]).update(chosen=True)
    return batch


@transaction.atomic
def choose_kinds(batch_id: int, kinds: Sequence[str], *, chosen: bool = True, actor: Actor, on: date) -> Batch:
    """Choose, or leave out, every difference of some kinds (`CHANGED`, `ADDED`, `GONE`)."""
    batch = _to_choose(batch_id, actor)
    batch.differences.filter(kind__in=list(kinds)).update(chosen=chosen)
    return batch


def _to_choose(batch_id: int, actor: Actor) -> Batch:
    batch = locking.lock(batch_id, actor)
    permissions.require_import(actor, batch.purpose)
    locking.require_state(batch, BatchState.READY)
    return batch
