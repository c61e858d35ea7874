"""Applying chosen differences to standing cards: fields that changed are corrected, rows that are gone withdrawn."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange.choices import Difference, SheetKind
from mingchan.interfaces.exchange.models import Batch, RowDifference
from mingchan.interfaces.exchange.services import source
from mingchan.interfaces.exchange.services.drafting import AT, Drafter
from mingchan.interfaces.exchange.understanding.intake import read_workbook
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft
from mingchan.register.assets.models import Asset

CARD_FIELDS = {
    "name": ("name",),
    "model": ("model",),
    "brand": ("brand",),
    "unit": ("unit",),
    "quantity_milli": ("quantity_milli",),
    "unit_price_fen": ("unit_price_fen",),
    "cost_fen": ("cost_fen",),
    "acquired_on": ("acquired_on", "acquired_precision"),
    "acquired_precision": ("acquired_on", "acquired_precision"),
    "year": ("year",),
    "condition": ("condition",),
    "serial_no": ("serial_no",),
    "note": ("note",),
    "owner": ("owner",),
    "user": ("user",),
    "operator": ("operator",),
    "income_holder": ("income_holder",),
    "keeper": ("keeper",),
    "place": ("place",),
    "funding": ("funding",),
}
"""Which fields of a card follow a field of the workbook."""


def apply_changes(
    batch: Batch, chosen: Iterable[RowDifference], drafter: Drafter, *, actor: Actor, on: date
) -> tuple[int, int]:
    """Correct the cards whose rows changed and withdraw those whose rows are gone; returns how many of each.

    Raises Refusal when a card of the earlier version can't be found, or no longer stands as it was entered.
    """
    changed = [row for row in chosen if row.kind == Difference.CHANGED]
    gone = [row for row in chosen if row.kind == Difference.GONE]
    reason = str(_("按《%(file)s》更正（批次 %(number)s）") % {"file": batch.file_name, "number": batch.pk})
    drafts = _drafts(batch, changed, drafter)
    versions = dict(
        Asset.objects.filter(pk__in=[row.asset_id for row in changed if row.asset_id]).values_list("pk", "version")
    )
    for row in changed:
        if row.asset_id not in versions:
            raise Refusal(_("找不到“%(title)s”对应的卡片，不能更正。") % {"title": row.title}, clauses=("2.2",))
        draft = drafts[(row.sheet, row.row)]
        fields = {name for change in row.changes for name in CARD_FIELDS[change["field"]]}
        changes: dict[str, Any] = {name: getattr(draft, name) for name in sorted(fields) if name != "funding"}
        shares = draft.funding_shares if "funding" in fields or "cost_fen" in fields else None
        row.undo = _before(row.asset_id, changes)
        try:
            version = assets.correct(
                row.asset_id, changes, versions[row.asset_id], reason, funding_shares=shares, actor=actor, on=on
            )
        except Refusal as refusal:
            if "2.4.2b" not in refusal.clauses:
                raise
            words = _("“%(sheet)s”第 %(row)s 行“%(title)s”：%(why)s")
            raise Refusal(
                words % {"sheet": row.sheet, "row": row.row, "title": row.title, "why": refusal},
                clauses=refusal.clauses,
                field=refusal.field,
            ) from refusal
        row.undo["version"] = version
        row.save(update_fields=["undo"])
    for row in gone:
        if row.asset_id is None:
            raise Refusal(_("找不到“%(title)s”对应的卡片，不能撤回。") % {"title": row.title}, clauses=("2.2",))
        assets.withdraw_card(row.asset_id, reason, actor=actor, on=on)
    return len(changed), len(gone)


def _before(asset_id: int, changes: dict[str, Any]) -> dict[str, Any]:
    """What the fields hold now, as JSON, so that the batch can be taken back."""
    card = Asset.objects.get(pk=asset_id)
    names = [card._meta.get_field(name).attname for name in changes]  # type: ignore[union-attr]
    values = {name: getattr(card, name) for name in names}
    return {"values": {name: v.isoformat() if isinstance(v, date) else v for name, v in values.items()}}


def undo_changes(batch: Batch, reason: str, *, actor: Actor, on: date) -> int:
    """Correct back what a batch corrected; returns how many cards. Raises Refusal when one was changed again since."""
    corrected = list(batch.differences.filter(kind=Difference.CHANGED, chosen=True).order_by("-id"))
    versions = dict(Asset.objects.filter(pk__in=[row.asset_id for row in corrected]).values_list("pk", "version"))
    later = [row.title for row in corrected if versions.get(row.asset_id or 0) != row.undo.get("version")]
    if later:
        raise Refusal(
            _("其后又更正过：%(titles)s。不能整批撤回。") % {"titles": "、".join(later[:5])}, clauses=("2.2", "3.4.1")
        )
    for row in corrected:
        values = {
            name: date.fromisoformat(value) if name.endswith("_on") and value else value
            for name, value in row.undo["values"].items()
        }
        assert row.asset_id is not None
        assets.correct(row.asset_id, values, row.undo["version"], reason, actor=actor, on=on)
    return len(corrected)


def _drafts(batch: Batch, rows: Sequence[RowDifference], drafter: Drafter) -> dict[tuple[str, int], CardDraft]:
    """Drafts of the changed rows, read from the kept file."""
    wanted = {(row.sheet, row.row) for row in rows}
    found: dict[tuple[str, int], CardDraft] = {}
    kept: list[tuple[str, list[Sequence[Any]]]] = []

    def take(sheet: str, kind: str, lines: Sequence[Sequence[Any]]) -> None:
        if kind == SheetKind.REGISTER:
            hits = [line for line in lines if (sheet, line[AT["row"]]) in wanted]
            if hits:
                kept.append((sheet, hits))

    if wanted:
        read_workbook(source.path_of(batch), options=source.options_of(batch), on_rows=take, on_issues=lambda _i: None)
    for sheet, lines in kept:
        for line, draft in zip(lines, drafter.cards(sheet, {}, lines, batch.admitted), strict=True):
            found[(sheet, line[AT["row"]])] = draft
    return found
