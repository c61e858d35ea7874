"""The items of a list (清单明细): pages by key, how far they are, their sums, what both sides sign (3.3)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.models import Attachment
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets.models import Asset
from mingchan.register.handover import rules
from mingchan.register.handover.choices import Resolution, Result, Shown
from mingchan.register.handover.models import Handover, Line, Tick

PAGE = 50


class Item(NamedTuple):
    """One item with the tick that stands, if any; quantities in thousandths, money in fen."""

    id: int
    line_no: int
    asset_id: int
    code: str
    name: str
    model: str
    unit: str
    quantity_milli: int
    cost_fen: int
    place: str
    condition: str
    resolution: str
    resolution_note: str
    resolved_by: str
    division_code: str
    listed_version: int
    present_version: int
    result: str | None
    found_condition: str | None
    counted_milli: int | None
    remark: str | None
    photo: str | None
    ticked_on: Any
    ticked_by: str | None

    @property
    def is_changed(self) -> bool:
        """Whether the card was changed after it was listed."""
        return self.listed_version != self.present_version

    @property
    def is_open_difference(self) -> bool:
        """Whether a difference still waits for a decision."""
        return self.result in (Result.DIFFERS, Result.NOT_FOUND) and self.resolution == Resolution.NONE

    @property
    def photo_id(self) -> int | None:
        """The attachment that is its photograph."""
        return int(Ref.parse(self.photo).id) if self.photo else None


_COLUMNS = (
    "id", "line_no", "asset_id", "code", "name", "model", "unit", "quantity_milli", "cost_fen", "place", "condition",
    "resolution", "resolution_note", "resolved_by", "division_code", "asset_version", "asset__version",
)  # fmt: skip
_TICKED = ("result", "condition", "counted_milli", "remark", "photo", "ticked_on", "ticked_by")


def _standing(name: str) -> Subquery:
    """A column of the tick of the item that stands."""
    ticks = Tick.objects.filter(line=OuterRef("pk"), replaced_on__isnull=True)
    return Subquery(ticks.values(name)[:1])


def _lines(handover: Handover) -> QuerySet[Line]:
    return Line.objects.filter(handover=handover)


def shown(handover: Handover, which: str) -> QuerySet[Line]:
    """The items a page shows: `which` is a value of Shown."""
    ticks = Tick.objects.filter(handover=handover, replaced_on__isnull=True)
    lines = _lines(handover)
    if which == Shown.LEFT_OUT:
        return lines.filter(resolution=Resolution.LEFT_OUT)
    if which == Shown.UNTICKED:
        return lines.exclude(resolution=Resolution.LEFT_OUT).exclude(pk__in=ticks.values("line"))
    if which == Shown.MATCHES:
        return lines.exclude(resolution=Resolution.LEFT_OUT).filter(
            pk__in=ticks.filter(result=Result.MATCHES).values("line")
        )
    if which == Shown.DIFFERENT:
        return lines.filter(pk__in=ticks.exclude(result=Result.MATCHES).values("line"))
    return lines


def items(
    handover: Handover, which: str = Shown.ALL, *, after: int = 0, limit: int = PAGE, ids: list[int] | None = None
) -> tuple[list[Item], int | None]:
    """A page of items in the order of the list, and the number after which the next page goes on, None at the end."""
    lines = shown(handover, which).filter(line_no__gt=after)
    if ids is not None:
        lines = lines.filter(pk__in=ids)
    named = {f"tick_{name}": _standing(name) for name in _TICKED}
    rows = lines.order_by("line_no").annotate(**named).values_list(*_COLUMNS, *named)[: limit + 1]
    found = [Item._make(row) for row in rows]
    return found[:limit], found[limit - 1].line_no if len(found) > limit else None


def item(handover: Handover, line_id: int) -> Item | None:
    """One item of the list, None when it isn't on it."""
    found, _following = items(handover, ids=[line_id], limit=1)
    return found[0] if found else None


def every_item(handover: Handover, *, left_out: bool = False) -> Iterator[Item]:
    """The items that are on the list, page by page; with `left_out` also those that were left out."""
    after: int | None = 0
    while after is not None:
        found, after = items(handover, after=after, limit=2000)
        for one in found:
            if left_out or one.resolution != Resolution.LEFT_OUT:
                yield one


def progress(handover: Handover) -> rules.Progress:
    """How far the list is; three statements however long it is."""
    lines = _lines(handover)
    on_it = ~Q(resolution=Resolution.LEFT_OUT)
    sums = lines.aggregate(
        items=Count("pk", filter=on_it),
        left_out=Count("pk", filter=~on_it),
        changed=Count("pk", filter=on_it & ~Q(asset__version=F("asset_version"))),
    )
    ticks = Tick.objects.filter(handover=handover, replaced_on__isnull=True).exclude(
        line__resolution=Resolution.LEFT_OUT
    )
    counted = ticks.aggregate(
        ticked=Count("pk"),
        matches=Count("pk", filter=Q(result=Result.MATCHES)),
        unresolved=Count("pk", filter=~Q(result=Result.MATCHES) & Q(line__resolution=Resolution.NONE)),
    )
    is_done = handover.state in ("EXECUTED", "CANCELLED")
    return rules.Progress(
        items=sums["items"],
        ticked=counted["ticked"],
        matches=counted["matches"],
        different=counted["ticked"] - counted["matches"],
        unresolved=counted["unresolved"],
        left_out=sums["left_out"],
        changed=0 if is_done else sums["changed"],
    )


class Sums(NamedTuple):
    """How many items are on a list, their quantity in thousandths, what they cost in fen."""

    items: int
    quantity_milli: int
    cost_fen: int


def sums(handover: Handover) -> Sums:
    """The sums of what is on the list, without what was left out."""
    found = (
        _lines(handover)
        .exclude(resolution=Resolution.LEFT_OUT)
        .aggregate(n=Count("pk"), quantity=Sum("quantity_milli"), cost=Sum("cost_fen"))
    )
    return Sums(found["n"], int(found["quantity"] or 0), int(found["cost"] or 0))


def sums_by_class(handover: Handover) -> list[tuple[str, int, int]]:
    """Class of the books, count and cost in fen of what is on the list, as its vouchers will have them."""
    rows = (
        _lines(handover)
        .exclude(resolution=Resolution.LEFT_OUT)
        .values("six_class")
        .annotate(n=Count("pk"), cost=Sum("cost_fen"))
        .order_by("six_class")
    )
    return [(row["six_class"], row["n"], int(row["cost"])) for row in rows]


def changed(handover: Handover, most: int = 20) -> list[tuple[str, str]]:
    """Code and name of cards that were changed after they were listed, the first few."""
    lines = _lines(handover).exclude(resolution=Resolution.LEFT_OUT).exclude(asset__version=F("asset_version"))
    return list(lines.order_by("line_no").values_list("code", "name")[:most])


def asset_ids(handover: Handover) -> list[int]:
    """The assets that are on the list, in its order."""
    lines = _lines(handover).exclude(resolution=Resolution.LEFT_OUT)
    return list(lines.order_by("line_no").values_list("asset_id", flat=True))


_HEAD = (
    "number", "kind", "rights", "from_party_id", "to_party_id", "from_office_id", "to_office_id", "witness_id",
    "keeper_id", "organisation_id", "due_on", "site_id", "place", "moves_to", "reason", "basis",
)  # fmt: skip
_SIGNED = (
    "line_no", "asset_id", "asset_version", "code", "name", "model", "unit", "quantity_milli", "cost_fen", "condition",
    "resolution", "resolution_note",
)  # fmt: skip


def content_digest(handover: Handover) -> str:
    """The digest of what is signed: the head, its papers, and each item with its card and what was found of it."""
    head = {name: getattr(handover, name) for name in _HEAD}
    head["due_on"] = handover.due_on.isoformat() if handover.due_on else None
    head["papers"] = [paper.sha256 for paper in papers(handover)]
    named = {f"tick_{name}": _standing(name) for name in ("result", "condition", "counted_milli", "remark", "photo")}
    lines = _lines(handover).exclude(resolution=Resolution.LEFT_OUT).order_by("line_no")
    return rules.digest(head, lines.annotate(**named).values_list(*_SIGNED, *named))


def papers(handover: Handover) -> list[Attachment]:
    """The papers the list rests on."""
    return evidence.attachments_of(Ref("handover", handover.pk))


def open_line_of(asset_id: int, actor: Actor) -> Line | None:
    """The item by which an asset stands on a list that isn't finished, as far as the county goes."""
    lines = Line.objects.filter(asset_id=asset_id, is_open=True, handover__county=actor.county)
    return lines.select_related("handover").first()


def listed_elsewhere(assets: QuerySet[Asset]) -> QuerySet[Line]:
    """Items by which some of the assets stand on lists that aren't finished."""
    return Line.objects.filter(asset__in=assets.values("pk"), is_open=True)


def tick_of(line: Line) -> Tick | None:
    """The tick of an item that stands."""
    return Tick.objects.filter(line=line, replaced_on__isnull=True).first()
