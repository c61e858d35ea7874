"""What a batch would change (确权预览): current holder → new holder with counts and values, what stands against it.

Set-based: one grouped statement for each kind of right that the batch proposes, however many assets (2.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, Sum

from mingchan.foundation.directory.models import Party
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, Right
from mingchan.register.rights.choices import PENDING
from mingchan.register.rights.models import Confirmation, Member, Proposed

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Flow:
    """Assets of a batch whose right of a kind goes from the same present holder to the new ones; quantity aside.

    `holder` is None when nobody holds it, or several do (`several`). `is_partial`: the shares don't make a whole.
    """

    kind: str
    holder: int | None
    name: str
    several: bool
    is_partial: bool
    count: int
    cost_fen: int

    @property
    def is_gap(self) -> bool:
        """Whether nobody holds it."""
        return self.holder is None and not self.several


@dataclass(frozen=True, slots=True)
class KindPreview:
    """What the batch does to one kind of right: how many gaps it fills, holders it replaces or keeps."""

    kind: str
    holders: tuple[Proposed, ...]
    flows: tuple[Flow, ...]
    kept: int
    filled: int
    replaced: int
    partial: int


class Conflict(NamedTuple):
    """An asset that stands against the batch, and why: changed since, gone, or in another batch that waits."""

    asset_id: int
    code: str
    name: str
    why: str
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """A book that the batch touches: how many cards leave it and come into it, and their cost in fen."""

    party: int
    name: str
    leaving: int
    leaving_fen: int
    entering: int
    entering_fen: int


def by_kind(confirmation: Confirmation) -> list[KindPreview]:
    """What the batch does to each kind of right that it proposes, as the rights are now."""
    proposed: dict[str, list[Proposed]] = {}
    rows = Proposed.objects.filter(confirmation_id=confirmation.pk).select_related("party", "organisation")
    for one in rows.order_by("id"):
        proposed.setdefault(one.kind, []).append(one)
    return [_of_kind(confirmation.pk, kind, tuple(holders)) for kind, holders in proposed.items()]


def _of_kind(batch_id: int, kind: str, holders: tuple[Proposed, ...]) -> KindPreview:
    rows = present_holders(batch_id, kind)
    names = dict(Party.objects.filter(pk__in={row[0] for row in rows if row[0]}).values_list("pk", "name"))
    flows = tuple(
        Flow(kind, holder, names.get(holder or 0, ""), several, partial, count, cost)
        for holder, several, partial, count, cost in rows
    )
    only = holders[0].party_id if len(holders) == 1 else None
    return KindPreview(
        kind,
        holders,
        flows,
        kept=sum(one.count for one in flows if only is not None and one.holder == only and not one.is_partial),
        filled=sum(one.count for one in flows if one.is_gap),
        replaced=sum(
            one.count for one in flows if not one.is_gap and (only is None or one.holder != only or one.is_partial)
        ),
        partial=sum(one.count for one in flows if one.is_partial),
    )


def present_holders(batch_id: int, kind: str) -> list[tuple[int | None, bool, bool, int, int]]:
    """Who holds a kind of right over a batch's assets now: (holder, several, short, assets, cost), large first."""
    member, right = Member._meta.db_table, Right._meta.db_table
    held = (
        "SELECT m.asset_id, MIN(m.cost_fen) AS cost, COUNT(r.id) AS held, MIN(r.party_id) AS first, "  # noqa: S608 - own names
        "COALESCE(SUM(r.share_numerator), 0) AS parts, COALESCE(MAX(r.share_denominator), 1) AS whole "
        f'FROM "{member}" m LEFT JOIN "{right}" r ON r.asset_id = m.asset_id AND r.kind = %s AND r.valid_to IS NULL '
        "WHERE m.confirmation_id = %s GROUP BY m.asset_id"
    )
    sql = (
        "SELECT CASE WHEN held = 1 THEN first END AS holder, CASE WHEN held > 1 THEN 1 ELSE 0 END AS several, "  # noqa: S608
        "CASE WHEN held > 0 AND parts < whole THEN 1 ELSE 0 END AS short, COUNT(*) AS n, SUM(cost) AS fen "
        f"FROM ({held}) held_now GROUP BY 1, 2, 3 ORDER BY n DESC, holder"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [kind, batch_id])
        return [
            (holder, bool(several), bool(short), int(count), int(fen or 0))
            for holder, several, short, count, fen in cursor.fetchall()
        ]


def changed(confirmation: Confirmation, on: date | None = None) -> tuple[int, list[Conflict]]:
    """Cards that are no longer what was proposed: how many, and the first twenty with the reason."""
    stands = Q(asset__version=F("version"), asset__status=Status.ACTIVE)
    rows = Member.objects.filter(~stands, confirmation_id=confirmation.pk)
    found = [
        Conflict(asset_id, code, name, "CHANGED" if status == Status.ACTIVE else "GONE")
        for asset_id, code, name, status in rows.order_by("asset_id").values_list(
            "asset_id", "asset__code", "asset__name", "asset__status"
        )[:SHOWN]
    ]
    return (len(found) if len(found) < SHOWN else rows.count()), found


def elsewhere(confirmation: Confirmation) -> tuple[int, list[Conflict]]:
    """Assets that another waiting batch wants to give the same kind of right: how many, and the first twenty."""
    kinds = Proposed.objects.filter(confirmation_id=confirmation.pk).values("kind")
    others = (
        Confirmation.objects.filter(county=confirmation.county, state__in=PENDING)
        .exclude(pk=confirmation.pk)
        .filter(pk__in=Proposed.objects.filter(kind__in=kinds).values("confirmation_id"))
    )
    waiting = list(others.values_list("pk", flat=True))
    if not waiting:
        return 0, []
    mine = Member.objects.filter(confirmation_id=confirmation.pk).values("asset_id")
    rows = Member.objects.filter(confirmation_id__in=waiting, asset_id__in=mine)
    found = [
        Conflict(asset_id, code, name, "WAITING", other)
        for asset_id, code, name, other in rows.order_by("asset_id").values_list(
            "asset_id", "asset__code", "asset__name", "confirmation_id"
        )[:SHOWN]
    ]
    return (len(found) if len(found) < SHOWN else rows.count()), found


def books(confirmation: Confirmation) -> list[Booked]:
    """Books that a new owner would touch: none unless ownership is proposed to another than the present owner.

    A right held by several stands in the book of the largest share's holder, as the card names it.
    """
    owners = list(Proposed.objects.filter(confirmation_id=confirmation.pk, kind="OWNERSHIP").order_by("id"))
    if not owners:
        return []
    new = max(owners, key=lambda one: one.numerator).party_id
    cards = Asset.objects.filter(pk__in=Member.objects.filter(confirmation_id=confirmation.pk).values("asset_id"))
    rows: Sequence[Any] = list(
        cards.exclude(owner_id=new).order_by().values_list("owner_id").annotate(n=Count("pk"), c=Sum("cost_fen"))
    )
    names = dict(Party.objects.filter(pk__in=[new, *(row[0] for row in rows if row[0])]).values_list("pk", "name"))
    leaving = [Booked(row[0], names[row[0]], row[1], int(row[2]), 0, 0) for row in rows if row[0] is not None]
    if not rows:
        return []
    entering = Booked(new, names[new], 0, 0, sum(row[1] for row in rows), sum(int(row[2]) for row in rows))
    return [entering, *sorted(leaving, key=lambda one: -one.leaving_fen)]
