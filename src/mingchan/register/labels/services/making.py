"""Making labels (印制标签): ahead and unclaimed, or for assets that have none; always in batches."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.labels import events, permissions, rules
from mingchan.register.labels.choices import Purpose
from mingchan.register.labels.models import Batch, Label, LabelSeries, Link
from mingchan.register.labels.queries.documents import BATCH, LABEL, LINK

MOST = 2000
"""Labels made at once: about eighty sheets."""
_CLAUSES = ("2.6.1b", "3.4.1")
_LABEL = protection.document_names(Label)
_LINK = protection.document_names(Link)


def touch(county: str) -> None:
    """Note that something about the county's labels changed."""
    LabelSeries.objects.filter(county=county).update(changes=F("changes") + 1)


def _numbers(county: str, count: int) -> int:
    """The first of so many running numbers, taken for this transaction. Raises Refusal when the numbers are used up."""
    LabelSeries.objects.bulk_create([LabelSeries(county=county)], ignore_conflicts=True)
    series = LabelSeries.objects.select_for_update().get(county=county)
    first = series.last + 1
    series.last += count
    series.changes += 1
    if series.last > rules.LAST_SERIAL:
        raise Refusal(_("本县标签编号已经用完"), clauses=_CLAUSES)
    series.save(update_fields=["last", "changes"])
    return first


@transaction.atomic
def draw(count: int, *, note: str = "", actor: Actor, on: date, is_sample: bool = False) -> Batch:
    """Make labels ahead, to be stuck on in the village and claimed by scanning (2.6.1b).

    Raises NotAllowed without `label.print`, Refusal for none or more than MOST.
    """
    permissions.require_print(actor)
    if not 0 < count <= MOST:
        raise Refusal(_("一次印制 1 至 %(most)s 张") % {"most": MOST}, clauses=_CLAUSES, field="count")
    return _make(count, Purpose.AHEAD, note, actor, on, is_sample)[0]


def _make(
    count: int, purpose: Purpose, note: str, actor: Actor, on: date, is_sample: bool
) -> tuple[Batch, list[tuple[int, str]]]:
    """A batch with its labels as (id, code), recorded."""
    first = _numbers(actor.county, count)
    batch = Batch.objects.create(
        county=actor.county,
        purpose=purpose,
        note=note.strip()[:120],
        first=first,
        count=count,
        made_on=on,
        made_by=actor.name,
        is_sample=is_sample,
    )
    key = database.reserve_ids(Label, count)
    made = [(key + place, rules.code_of(actor.county, first + place)) for place in range(count)]
    values = [(label, actor.county, code, batch.pk, None, "") for label, code in made]
    database.insert_short_rows(Label, _LABEL, values)
    evidence.record(
        events.MADE,
        Ref("label_batch", batch.pk),
        actor=actor,
        on=on,
        after=protection.document(BATCH, batch),
        facts={"count": count, "first": rules.shown(made[0][1])},
    )
    evidence.record_many(
        events.DRAWN,
        [(f"label:{row[0]}", "", protection.from_values(_LABEL, row)) for row in values],
        actor=actor,
        on=on,
        facts={"count": count, "first": rules.shown(made[0][1])},
    )
    return batch, made


def for_assets(
    asset_ids: Sequence[int], *, note: str = "", actor: Actor, on: date, is_sample: bool = False
) -> Batch | None:
    """Make a label for each of the assets that has none, linked from `on`; None when every one has its label.

    Raises NotFound for assets out of reach, NotAllowed without `label.print` over each division, Refusal for too many,
    for cards that no longer count, or when somebody else labels one of them at this moment.
    """
    permissions.require_print(actor)
    if len(set(asset_ids)) > MOST:
        raise Refusal(_("一次最多印制 %(most)s 张标签，请先筛选") % {"most": MOST}, clauses=_CLAUSES)
    try:
        with transaction.atomic():
            return _for_assets(sorted(set(asset_ids)), note, actor, on, is_sample)
    except IntegrityError as error:
        if "label" in str(error):
            raise Refusal(_("其中有的资产刚被他人贴上标签，请刷新后再印制"), clauses=_CLAUSES) from error
        raise


def _for_assets(ids: list[int], note: str, actor: Actor, on: date, is_sample: bool) -> Batch | None:
    cards = list(
        Asset.objects.select_for_update()
        .filter(pk__in=one_of(ids, "bigint"), county=actor.county)
        .order_by("code")
        .values_list("id", "code", "name", "division_code", "status")
    )
    divisions = {division or actor.county for *_rest, division, _status in cards}
    if len(cards) < len(ids) or any(not actor.may(permissions.VIEW, code) for code in divisions):
        raise NotFound(_("没有这张资产卡片"))
    if any(not actor.may(permissions.PRINT, code) for code in divisions):
        raise NotAllowed(_("没有对所选全部资产进行此项操作的权限"), clauses=_CLAUSES)
    if any(status != Status.ACTIVE for *_rest, status in cards):
        raise Refusal(_("卡片已拆分、已撤回或已处置，不再贴标签"), clauses=_CLAUSES)
    labelled = set(
        Link.objects.filter(asset__in=one_of(ids, "bigint"), valid_to__isnull=True).values_list("asset_id", flat=True)
    )
    bare = [card for card in cards if card[0] not in labelled]
    if not bare:
        return None
    batch, made = _make(len(bare), Purpose.ASSETS, note, actor, on, is_sample)
    first = database.reserve_ids(Link, len(bare))
    values = [
        (first + place, actor.county, label, card[0], on, None, actor.name, "", "", "")
        for place, ((label, _code), card) in enumerate(zip(made, bare, strict=True))
    ]
    database.insert_short_rows(Link, _LINK, [(*row[:4], on.isoformat(), *row[5:]) for row in values])
    evidence.record_many(
        events.LINKED,
        [
            (f"label_link:{row[0]}", card[3], protection.from_values(_LINK, row))
            for row, card in zip(values, bare, strict=True)
        ],
        actor=actor,
        on=on,
        facts={"name": bare[0][2], "count": len(bare)},
    )
    return batch


@transaction.atomic
def note_print(codes: Sequence[str], *, actor: Actor, on: date, batch: int | None = None) -> None:
    """Record that sheets of labels were printed; the labels are as they were."""
    permissions.require_print(actor)
    evidence.record(
        events.PRINTED,
        Ref("label_sheet", batch if batch is not None else actor.county),
        actor=actor,
        on=on,
        facts={"count": len(codes), "first": rules.shown(codes[0])},
    )


__all__ = ["LABEL", "LINK", "MOST", "draw", "for_assets", "note_print", "touch"]
