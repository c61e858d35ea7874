"""Opening and closing rights (权利) with the holders' columns of the card.

Periods are half open: `valid_to` is the first day on which the right no longer holds (2.3).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Greatest

from mingchan.kernel.database import columns_of, insert_rows, one_of, one_of_sql
from mingchan.register.assets.drafts import ShareDraft
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.services.rows import HOLDERS, RIGHT

OVERLAP = "assets_right shares exceed the whole"
"""What the database says when the shares of a kind would add up to more than the whole on some day."""

_COLUMNS = (
    "asset", "kind", "party", "share_numerator", "share_denominator", "valid_from", "basis", "source", "document",
)  # fmt: skip
_PART = ("asset", *RIGHT)


def open_stated(first: int, last: int, on: date) -> None:
    """Open the rights that a block of new cards states, each from the day of acquisition, else from `on`."""
    table, target = Asset._meta.db_table, Right._meta.db_table
    columns = ", ".join(f'"{name}"' for name in columns_of(Right, _COLUMNS))
    with connection.cursor() as cursor:
        for column, kind in HOLDERS.items():
            cursor.execute(
                f'INSERT INTO "{target}" ({columns}) '  # noqa: S608 - names of our own models
                f"SELECT id, %s, {column}, 1, 1, COALESCE(acquired_on, %s), '', source, '' "
                f'FROM "{table}" WHERE id BETWEEN %s AND %s AND {column} IS NOT NULL ORDER BY id',
                [kind, on, first, last],
            )


def open_shares(
    asset_ids: Sequence[int],
    kind: str,
    shares: Sequence[ShareDraft],
    on: date,
    *,
    basis: str,
    source: str,
    document: str = "",
) -> None:
    """Open one right of a kind for each share on every card, in one statement a share."""
    table, target = Asset._meta.db_table, Right._meta.db_table
    columns = ", ".join(f'"{name}"' for name in columns_of(Right, (*_COLUMNS, "organisation", "due_on")))
    chosen, values = one_of_sql(asset_ids)
    # SQLite would make a number of a day that is cast, PostgreSQL can't guess the type of a parameter in a SELECT.
    typed = _TYPED.format(day="%s" if connection.vendor == "sqlite" else "CAST(%s AS date)")
    with connection.cursor() as cursor:
        for share in shares:
            cursor.execute(
                f'INSERT INTO "{target}" ({columns}) '  # noqa: S608 - names of our own models
                f"SELECT id, {typed} "
                f'FROM "{table}" WHERE id IN ({chosen}) ORDER BY id',
                [
                    kind, share.party, share.numerator, share.denominator, on, basis[:200], source, document,
                    share.organisation, share.due_on, *values,
                ],
            )  # fmt: skip


_TYPED = (
    "CAST(%s AS varchar), CAST(%s AS bigint), CAST(%s AS integer), CAST(%s AS integer), {day}, CAST(%s AS varchar), "
    "CAST(%s AS varchar), CAST(%s AS varchar), CAST(%s AS bigint), {day}"
)
"""The columns of a right as parameters, with the types that PostgreSQL can't guess in a SELECT."""


def close(asset_ids: Sequence[int], kinds: Sequence[str], on: date) -> None:
    """Close the cards' open rights of some kinds."""
    Right.objects.filter(asset_id__in=one_of(asset_ids, "bigint"), kind__in=kinds, valid_to__isnull=True).update(
        valid_to=Greatest(F("valid_from"), on)
    )


def close_all(asset_ids: Sequence[int], on: date) -> None:
    """Close every open right of the cards."""
    Right.objects.filter(asset_id__in=asset_ids, valid_to__isnull=True).update(valid_to=Greatest(F("valid_from"), on))


def changed_after(asset_ids: Sequence[int], kinds: Sequence[str], on: date) -> set[int]:
    """Cards with a right of one of the kinds that began or ended after a day: what was said later stands."""
    later = Right.objects.filter(
        Q(valid_to__isnull=True, valid_from__gt=on) | Q(valid_to__gt=on),
        asset_id__in=one_of(asset_ids, "bigint"),
        kind__in=kinds,
    )
    return set(later.values_list("asset_id", flat=True))


def hand_over(asset_id: int, holders: Mapping[str, int | None], on: date, *, basis: str, source: str) -> None:
    """Close the open rights behind changed holders' columns and open the new holders'."""
    for column, party in holders.items():
        close([asset_id], [HOLDERS[column]], on)
        if party is not None:
            open_shares([asset_id], HOLDERS[column], [ShareDraft(party)], on, basis=basis, source=source)


def pass_on(lot_id: int, parts: Mapping[int, Mapping[str, int]], on: date) -> None:
    """Open on the parts of a lot the rights that the lot holds, with their shares, papers and terms (2.3).

    `parts` maps each part to the kinds that have another holder there, whole.
    """
    held = list(Right.objects.filter(asset_id=lot_id, valid_to__isnull=True).order_by("id").values(*RIGHT))
    rows: list[tuple[Any, ...]] = []
    for part, others in parts.items():
        for right in held:
            if right["kind"] not in others:
                rows.append((part, *({**right, "valid_from": on}[name] for name in RIGHT)))
        for kind, party in others.items():
            given = {"kind": kind, "party_id": party, "share_numerator": 1, "share_denominator": 1, "valid_from": on}
            plain = {"basis": "", "source": f"asset:{lot_id}", "document": ""}
            rows.append((part, *((given | plain).get(name) for name in RIGHT)))
    insert_rows(Right, _PART, rows)
