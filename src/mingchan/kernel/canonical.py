"""The one byte form (规范形式) of a record: UTF-8 JSON, keys sorted, no blanks, no floats, no nulls."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson


def _default(value: Any) -> Any:
    if isinstance(value, memoryview | bytes | bytearray):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def encode(document: Mapping[str, Any]) -> bytes:
    """Canonical bytes of a document. Raises TypeError on a type without one form.

    Values are first made plain by the caller (`plain`, `without_nulls`): nulls left out, floats refused, dates as ISO
    text, moments as `…Z` with six digits. Checking a hundred thousand documents again would double their cost.
    """
    return orjson.dumps(document, default=_default, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME)


def pieces(values: Sequence[Any]) -> list[bytes]:
    """Canonical bytes of each of a column's texts or whole numbers, texts without their quotes, made in one call.

    A column is of one kind and holds no null: a text with a quote or a backslash in it is made by itself.
    """
    whole = orjson.dumps(values)
    if not whole.startswith(b'["'):
        return whole[1:-1].split(b",") if values else []
    if b'\\"' not in whole:
        return whole[2:-2].split(b'","')
    return [orjson.dumps(value)[1:-1] for value in values]


def plain(value: Any) -> Any:
    """A database value in canonical type: dates and moments as text, bytes as hex, the rest as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, memoryview | bytes | bytearray):
        return bytes(value).hex()
    if isinstance(value, float):
        raise TypeError("a float has no canonical form")
    return value


def without_nulls(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document in canonical types, absent where null."""
    return {key: plain(value) for key, value in document.items() if value is not None}
