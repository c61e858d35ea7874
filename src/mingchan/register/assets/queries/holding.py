"""Who holds a right, and whether its shares make a whole (权利归属与完整): conditions on cards, on any day (2.3).

For today the cards' own columns answer wherever they can, for they have indexes of their own: a column shows the holder
of the largest share, so a missing holder is an empty column. Shares, and supervision, are asked of the rights.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact, GreaterThan

from mingchan.register.assets.choices import Cover, RightKind
from mingchan.register.assets.models import Asset, Right

COLUMNS = {
    "OWNERSHIP": "owner",
    "USE": "user",
    "OPERATION": "operator",
    "INCOME": "income_holder",
    "CUSTODY": "keeper",
}
"""The card's column that shows the holder of the largest share."""
INDEXED = frozenset({"OWNERSHIP", "USE", "OPERATION", "CUSTODY"})
"""Kinds whose column has an index."""


def on_day(day: date | None) -> Q:
    """Rights that hold on a day; none given: the open ones."""
    if day is None:
        return Q(valid_to__isnull=True)
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def supervision() -> Exact:
    """Rights of supervision, written so that their small index is seen."""
    return Exact(F("kind"), RawSQL("'SUPERVISION'", ()))


def shared() -> GreaterThan:
    """Rights held in shares, written so that their small index is seen."""
    return GreaterThan(F("share_denominator"), RawSQL("1", ()))


def key_of(cards: QuerySet[Any]) -> str:
    """The column that names the card: a former state has a key of its own."""
    return "pk" if cards.model is Asset else "asset_id"


def held_by(party: int, kind: str, cards: QuerySet[Any], day: date | None) -> Q:
    """Cards over which the party holds a right of the kind, or of any kind, in whole or in part."""
    rights = Right.objects.filter(on_day(day), party_id=party)
    if kind:
        rights = rights.filter(kind=kind)
        if kind in INDEXED and not Right.objects.filter(shared(), kind=kind).exists():
            return Q(**{COLUMNS[kind]: party})
    return Q(**{f"{key_of(cards)}__in": rights.values("asset_id")})


def covered(kind: str, cover: str, cards: QuerySet[Any], day: date | None) -> Q:
    """Cards whose shares of the kind make a whole, fall short of it, or aren't there at all."""
    key = key_of(cards)
    if kind == RightKind.SUPERVISION:
        none = Q(~Exists(Right.objects.filter(supervision(), on_day(day), asset_id=OuterRef(key))))
    else:
        none = Q(**{f"{COLUMNS[kind]}__isnull": True})
    if cover == Cover.NONE:
        return none
    partial = Q(**{f"{key}__in": short(kind, day)})
    return partial if cover == Cover.PARTIAL else ~none & ~partial


def short(kind: str, day: date | None) -> QuerySet[Any]:
    """Assets whose shares of the kind add up to less than the whole; only rights held in shares are read."""
    rights = Right.objects.filter(shared(), on_day(day), kind=kind).order_by()
    sums = rights.values("asset_id").annotate(parts=Sum("share_numerator"), whole=Max("share_denominator"))
    return sums.filter(parts__lt=F("whole")).values("asset_id")
