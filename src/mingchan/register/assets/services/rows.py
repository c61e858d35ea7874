"""The shape of a card's row and document (卡片行与文档): one order of columns for writing, recording and comparing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from mingchan.kernel.canonical import plain
from mingchan.kernel.database import one_of, one_of_sql
from mingchan.register.assets.models import Asset, FormerCard, FundingShare, Origin, Right

CARD = tuple(field.attname for field in Asset._meta.concrete_fields)
RIGHT = (
    "kind", "party_id", "share_numerator", "share_denominator", "valid_from", "valid_to", "basis", "source", "document",
    "organisation_id", "due_on",
)  # fmt: skip
SHARE = ("source", "amount_fen", "document")
"""Children of a card's document, `rights` and `funding_shares`: their own numbers mean nothing and are left out."""

ORIGIN = ("sheet_id", "row", "originals")
"""The one child `origin` of a card that was read from a sheet."""

FORMER = tuple(
    field.attname for field in FormerCard._meta.concrete_fields if field.attname not in ("id", "asset_id", "left_on")
)
"""What a former card takes over from the card. With the day it was left, it is a child `former` of the card."""

HOLDERS = {
    "owner_id": "OWNERSHIP",
    "user_id": "USE",
    "operator_id": "OPERATION",
    "income_holder_id": "INCOME",
    "keeper_id": "CUSTODY",
}
"""Which right each holder's column is a copy of."""

_CHILDREN = ("rights", "funding_shares", "origin", "former")
_FORMER = ("left_on", *FORMER)
_PLAIN = frozenset({str, int, bool})
"""Values that are canonical as they are, which most are."""

_COLUMNS = {field.name: field.attname for field in Asset._meta.concrete_fields}


def document(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """A row as a document: column names, canonical values, absent where null."""
    return {
        name: value if value.__class__ in _PLAIN else plain(value)
        for name, value in zip(names, values, strict=True)
        if value is not None
    }


def wholes(asset_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Cards as they are recorded, by id: columns and children. Five statements however many."""
    found: dict[int, dict[str, Any]] = {}
    chosen = one_of(asset_ids, "bigint")
    for row in Asset.objects.filter(pk__in=chosen).order_by("pk").values_list(*CARD):
        found[row[0]] = {**document(CARD, row), **{name: [] for name in _CHILDREN}}
    rights = Right.objects.filter(asset_id__in=chosen).order_by("id")
    for owner, *values in rights.values_list("asset_id", *RIGHT):
        found[owner]["rights"].append(document(RIGHT, values))
    shares = FundingShare.objects.filter(asset_id__in=chosen).order_by("id")
    for owner, *values in shares.values_list("asset_id", *SHARE):
        found[owner]["funding_shares"].append(document(SHARE, values))
    for owner, *values in Origin.objects.filter(asset_id__in=chosen).values_list("asset_id", *ORIGIN):
        found[owner]["origin"].append(document(ORIGIN, values))
    former = FormerCard.objects.filter(asset_id__in=chosen).order_by("left_on")
    for owner, *values in former.values_list("asset_id", *_FORMER):
        found[owner]["former"].append(document(_FORMER, values))
    return found


def whole(asset_id: int) -> dict[str, Any]:
    """One card as it is recorded."""
    return wholes([asset_id])[asset_id]


def keep_former(asset_ids: Sequence[int], on: date, *, unless: Mapping[str, Any] | None = None) -> None:
    """Keep the cards as they were until the day before `on`. A state that began on that very day was never seen.

    `unless` are columns with the values they will have: a card that has them all keeps its state.
    """
    target, table = FormerCard._meta.db_table, Asset._meta.db_table
    names = ", ".join(f'"{name}"' for name in FORMER)
    chosen, values = one_of_sql(asset_ids)
    is_other = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    where = "" if unless is None else f" AND ({' OR '.join(f'{name} {is_other} %s' for name in unless) or '1 = 0'})"
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{target}" (asset_id, left_on, {names}) SELECT id, %s, {names} FROM "{table}" '  # noqa: S608
            f"WHERE id IN ({chosen}) AND state_since < %s{where} ORDER BY id",
            [on, *values, on, *(unless or {}).values()],
        )


def columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes by field name (`owner`) as changes by column (`owner_id`). Raises KeyError for an unknown one."""
    return {name if name in CARD else _COLUMNS[name]: value for name, value in changes.items()}
