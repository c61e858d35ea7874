"""Lists of labels and of assets without one (标签清单、未贴标签): by key, counts capped, one filter for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.assets.queries.filtering import apply
from mingchan.register.labels import rules
from mingchan.register.labels.choices import State
from mingchan.register.labels.drafts import Printed
from mingchan.register.labels.models import Batch, Label, LabelSeries, Link

PAGE = 50
COUNT_CAP = 10_000
GONE = "GONE"
"""The list's word for labels on cards that no longer count."""


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """What the list of labels is narrowed to: how they stand, a batch, a part of the code or an asset's name."""

    state: str = ""
    batch: int | None = None
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "LabelFilter":
        """The filter that a query string names; what can't be read doesn't narrow."""
        state, batch = given.get("state", ""), given.get("batch", "")
        return cls(
            state=state if state in (*State.values, GONE) else "",
            batch=int(batch) if batch.isascii() and batch.isdecimal() and len(batch) < 16 else None,
            words=given.get("q", "").replace("\x00", "").strip()[:40],
        )

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(bool(value) for value in (self.state, self.batch, self.words))


class LabelRow(NamedTuple):
    """A label as the list shows it, with the asset it is on today."""

    id: int
    code: str
    voided_on: date | None
    void_cause: str
    made_on: date
    batch_id: int
    asset_id: int | None
    asset_code: str
    name: str
    place: str
    since: date | None

    @property
    def state(self) -> str:
        """How it stands."""
        if self.voided_on is not None:
            return State.VOID.value
        return (State.LIVE if self.asset_id is not None else State.FREE).value


def _open(**more: object) -> Exists:
    return Exists(Link.objects.filter(label=OuterRef("pk"), valid_to__isnull=True, **more))


def _sees_county(actor: Actor) -> bool:
    return actor.everywhere("asset.view")


def narrowed(wanted: LabelFilter, actor: Actor) -> QuerySet[Label]:
    """Labels inside the filter. Who sees a part of the county only sees free and void ones, and those on its assets."""
    found = Label.objects.filter(county=actor.county)
    if not _sees_county(actor):
        found = found.filter(~_open() | _open(asset__in=Asset.objects.filter(assets.visible_to(actor))))
    if wanted.state == State.VOID:
        found = found.filter(voided_on__isnull=False)
    elif wanted.state == State.LIVE:
        found = found.filter(_open())
    elif wanted.state == State.FREE:
        found = found.filter(~_open(), voided_on__isnull=True)
    elif wanted.state == GONE:
        gone = Asset.objects.filter(county=actor.county).exclude(status=Status.ACTIVE)
        found = found.filter(pk__in=Link.objects.filter(valid_to__isnull=True, asset__in=gone).values("label"))
    if wanted.batch is not None:
        found = found.filter(batch=wanted.batch)
    if wanted.words:
        code = rules.plain(wanted.words)
        cards = Asset.objects.filter(county=actor.county).filter(Q(code=code) | Q(name__icontains=wanted.words))
        linked = Link.objects.filter(valid_to__isnull=True, asset__in=cards).values("label")
        part = rules.part_of_code(wanted.words)
        found = found.filter(Q(pk__in=linked) | (Q(code__contains=part) if part else Q(pk__in=[])))
    return found


def rows(wanted: LabelFilter, actor: Actor, *, after: str = "", limit: int = PAGE) -> tuple[list[LabelRow], str | None]:
    """A page of labels, the newest first, and the key after which the next one goes on."""
    found = narrowed(wanted, actor)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    page = list(
        found.order_by("-pk").values_list("id", "code", "voided_on", "void_cause", "batch__made_on", "batch_id")[
            : limit + 1
        ]
    )
    links = Link.objects.filter(label__in=one_of([row[0] for row in page], "bigint"), valid_to__isnull=True)
    on = {
        label: rest
        for label, *rest in links.values_list(
            "label_id", "asset_id", "asset__code", "asset__name", "asset__site__name", "valid_from"
        )
    }
    shown = [LabelRow._make((*row, *_on(on.get(row[0])))) for row in page[:limit]]
    return shown, str(shown[-1].id) if len(page) > limit else None


def _on(found: Sequence[object] | None) -> tuple[object, ...]:
    if found is None:
        return (None, "", "", "", None)
    asset, code, name, site, since = found
    return (asset, code, name, site or "", since)


def count(wanted: LabelFilter, actor: Actor) -> int:
    """How many labels, exact up to the cap; the cap plus one stands for more."""
    return int(narrowed(wanted, actor).order_by()[: COUNT_CAP + 1].count())


class Counts(NamedTuple):
    """Labels that stand so, those on cards that no longer count, and assets that have none."""

    free: int
    live: int
    void: int
    gone: int
    missing: int


def counts(actor: Actor) -> Counts:
    """How many labels and assets stand where, as far as the actor sees them."""
    own = Label.objects.filter(county=actor.county)
    voided = own.filter(voided_on__isnull=False).count()
    links = Link.objects.filter(county=actor.county, valid_to__isnull=True)
    seen = links if _sees_county(actor) else links.filter(asset__in=Asset.objects.filter(assets.visible_to(actor)))
    live = seen.aggregate(n=Count("pk"), gone=Count("pk", filter=~Q(asset__status=Status.ACTIVE)))
    every = live["n"] if _sees_county(actor) else links.count()
    return Counts(own.count() - voided - every, live["n"], voided, live["gone"], missing_count(RegisterFilter(), actor))


def unlabelled(cards: QuerySet[Asset]) -> QuerySet[Asset]:
    """Those of the cards that are under no label today."""
    return cards.filter(~Exists(Link.objects.filter(asset=OuterRef("pk"), valid_to__isnull=True)))


def on_cards(wanted: RegisterFilter, actor: Actor) -> QuerySet[Asset]:
    """The cards of a register's filter that count and that the actor may see."""
    return apply(wanted.but(as_of=None, status=""), Asset.objects.filter(assets.visible_to(actor)))


def missing(
    wanted: RegisterFilter, actor: Actor, *, after: str = "", limit: int = PAGE
) -> tuple[list[assets.Row], str | None]:
    """A page of assets without a label in the order of their numbers, and the number after which the next goes on."""
    found = unlabelled(on_cards(wanted, actor))
    if after and "\x00" not in after:
        found = found.filter(code__gt=after[:40])
    keys = list(found.order_by("code").values_list("pk", flat=True)[: limit + 1])
    shown = sorted(assets.rows_of(keys[:limit], actor), key=lambda row: row.code)
    return shown, shown[-1].code if len(keys) > limit and shown else None


def missing_count(wanted: RegisterFilter, actor: Actor) -> int:
    """How many assets have no label, exact up to the cap."""
    return int(unlabelled(on_cards(wanted, actor)).order_by()[: COUNT_CAP + 1].count())


class BatchRow(NamedTuple):
    """A batch as the list shows it: labels of it that are still free, on assets, void."""

    id: int
    purpose: str
    note: str
    first: int
    made: int
    made_on: date
    made_by: str
    is_sample: bool
    free: int
    live: int
    void: int


def batches(county: str, *, after: str = "", limit: int = PAGE) -> tuple[list[BatchRow], str | None]:
    """A page of batches, the newest first."""
    found = Batch.objects.filter(county=county)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    fields = ("id", "purpose", "note", "first", "count", "made_on", "made_by", "is_sample")
    page = list(found.order_by("-pk").values_list(*fields)[: limit + 1])
    keys = [row[0] for row in page[:limit]]
    labels = Label.objects.filter(batch__in=keys).order_by().values_list("batch_id")
    void = dict(labels.filter(voided_on__isnull=False).annotate(n=Count("pk")))
    live = dict(labels.filter(_open()).annotate(n=Count("pk")))
    shown = [
        BatchRow._make(
            (*row, row[4] - live.get(row[0], 0) - void.get(row[0], 0), live.get(row[0], 0), void.get(row[0], 0))
        )
        for row in page[:limit]
    ]
    return shown, str(keys[-1]) if len(page) > limit else None


def free_in(batch_id: int) -> QuerySet[Label]:
    """Labels of a batch that are on nothing and may be stuck on."""
    return Label.objects.filter(~_open(), batch=batch_id, voided_on__isnull=True)


def to_print(labels: QuerySet[Label]) -> list[Printed]:
    """Labels as sheets show them, in the order of their codes; those that are void are left out."""
    found = list(labels.filter(voided_on__isnull=True).order_by("code").values_list("id", "code"))
    links = Link.objects.filter(label__in=one_of([key for key, _code in found], "bigint"), valid_to__isnull=True)
    on = {
        label: rest
        for label, *rest in links.values_list(
            "label_id", "asset_id", "asset__code", "asset__name", "asset__site__name", "asset__place",
            "asset__is_sample",
        )
    }  # fmt: skip
    made = []
    for key, code in found:
        if key not in on:
            made.append(Printed(key, code))
            continue
        asset, number, name, site, place, sample = on[key]
        made.append(Printed._make((key, code, asset, number, name, site or place, sample)))
    return made


def mark(county: str) -> int:
    """A number that changes whenever anything about the county's labels does."""
    return LabelSeries.objects.filter(county=county).values_list("changes", flat=True).first() or 0
