"""Opening and closing rights (权利) with the holders' columns of the card.

Periods are half open: `valid_to` is the first day on which the right no longer holds (2.3).
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from mingchan.kernel.database import columns_of
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.services.rows import HOLDERS

_COLUMNS = (
    "asset",
    "kind",
    "party",
    "share_numerator",
    "share_denominator",
    "valid_from",
    "basis",
    "source",
    "document",
)


def open_stated(first: int, last: int, on: date, *, at_once: bool = False) -> None:
    """Open the rights that a block of new cards states, each from the day of acquisition, else from `on`.

    `at_once` opens all of them on `on`: for parts of a lot, whose rights were the lot's until then.
    """
    table, target = Asset._meta.db_table, Right._meta.db_table
    columns = ", ".join(f'"{name}"' for name in columns_of(Right, _COLUMNS))
    since = "%s" if at_once else "COALESCE(acquired_on, %s)"
    if at_once and connection.vendor == "postgresql":
        since = "%s::date"
    with connection.cursor() as cursor:
        for column, kind in HOLDERS.items():
            cursor.execute(
                f'INSERT INTO "{target}" ({columns}) '  # noqa: S608 - names of our own models
                f"SELECT id, %s, {column}, 1, 1, {since}, '', source, '' "
                f'FROM "{table}" WHERE id BETWEEN %s AND %s AND {column} IS NOT NULL ORDER BY id',
                [kind, on, first, last],
            )


def close_all(asset_ids: Sequence[int], on: date) -> None:
    """Close every open right of the cards."""
    Right.objects.filter(asset_id__in=asset_ids, valid_to__isnull=True).update(valid_to=Greatest(F("valid_from"), on))


def hand_over(asset_id: int, holders: Mapping[str, int | None], on: date, *, basis: str, source: str) -> None:
    """Close the open rights behind changed holders' columns and open the new holders'."""
    for column, party in holders.items():
        kind = HOLDERS[column]
        Right.objects.filter(asset_id=asset_id, kind=kind, valid_to__isnull=True).update(
            valid_to=Greatest(F("valid_from"), on)
        )
        if party is not None:
            Right.objects.create(
                asset_id=asset_id, kind=kind, party_id=party, valid_from=on, basis=basis[:200], source=source
            )
