"""Documents of new cards (登记文档), made column by column as finished canonical JSON.

A register has more rows than columns: each column is encoded in one call, and a card's document is joined from its
pieces. The bytes are those of `canonical.encode` over the card's document (`rows.wholes`); a test holds both together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from orjson import dumps

from mingchan.kernel import canonical
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services.rows import CARD, HOLDERS, SHARE

_NULLABLE = frozenset(field.attname for field in Asset._meta.concrete_fields if field.null)
_CHILDREN = ("former", "funding_shares", "origin", "rights")
_NAMES = tuple((name, f'"{name}":'.encode()) for name in sorted((*CARD, *_CHILDREN)))
"""The names of a card's document in canonical order. The last is never absent."""
_EMPTY = b"[]"
_Column = bytes | Sequence[bytes]
"""A child of every card: the same for all, or one for each."""


def of_new_cards(
    columns: Mapping[str, Sequence[Any]],
    shares: Mapping[int, Sequence[tuple[Any, ...]]],
    origins: Sequence[tuple[Any, ...]],
    *,
    source: str,
    on: str,
) -> Iterator[bytes]:
    """The document of each new card, from its columns by name and its children.

    `shares` are its funding shares by id; `origins` rows of (id, sheet, row, originals). Its rights are those that
    `rights.open_stated` opens: of each holder, from the day of acquisition, else from `on`.
    """
    ids = columns["id"]
    children: dict[str, _Column] = {
        "former": _EMPTY,
        "funding_shares": _shares(ids, shares),
        "origin": _origins(ids, origins),
        "rights": _rights(columns, source, on),
    }
    parts: list[Iterable[bytes]] = []
    fixed = b"{"
    for name, key in _NAMES:
        child = children.get(name)
        if child is not None:
            if isinstance(child, bytes):
                fixed += key + child + b","
            else:
                parts += [repeat(fixed + key), child]
                fixed = b","
            continue
        values = columns[name]
        first = values[0]
        if first == values[-1] and len(set(values)) == 1:
            if first is not None:
                fixed += key + dumps(first) + b","
        elif name in _NULLABLE and None in values:
            parts += [repeat(fixed), [b"" if value is None else key + dumps(value) + b"," for value in values]]
            fixed = b""
        else:
            quote = b'"' if isinstance(first, str) else b""
            parts += [repeat(fixed + key + quote), canonical.pieces(list(values))]
            fixed = quote + b","
    parts.append(repeat(fixed[:-1] + b"}", len(ids)))
    return map(b"".join, zip(*parts, strict=False))


def _shares(ids: Sequence[int], shares: Mapping[int, Sequence[tuple[Any, ...]]]) -> _Column:
    if not shares:
        return _EMPTY
    made = {
        key: b"[" + b",".join([canonical.encode(dict(zip(SHARE, part, strict=True))) for part in parts]) + b"]"
        for key, parts in shares.items()
    }
    return [made.get(key, _EMPTY) for key in ids]


def _origins(ids: Sequence[int], origins: Sequence[tuple[Any, ...]]) -> _Column:
    if not origins:
        return _EMPTY
    made = {
        key: b'[{"originals":%b,%b"sheet_id":%d}]'
        % (dumps(originals), b"" if row is None else b'"row":%d,' % row, sheet)
        for key, sheet, row, originals in origins
    }
    if len(made) == len(ids):
        return list(made.values())
    return [made.get(key, _EMPTY) for key in ids]


def _rights(columns: Mapping[str, Sequence[Any]], source: str, on: str) -> _Column:
    """Each card's rights in the order of HOLDERS, in which they are opened."""
    since = [day or on for day in columns["acquired_on"]]
    tail = b',"share_denominator":1,"share_numerator":1,"source":' + dumps(source) + b',"valid_from":"'
    tails = [tail + day + b'"}' for day in canonical.pieces(since)]
    parts: list[Iterable[bytes]] = []
    for column, kind in HOLDERS.items():
        head = f',{{"basis":"","document":"","kind":"{kind}","party_id":'.encode()
        holders = columns[column]
        if None not in holders:
            parts += [repeat(head), canonical.pieces(list(holders)), tails]
        elif any(holders):
            parts.append(
                [
                    b"" if party is None else head + str(party).encode() + end
                    for party, end in zip(holders, tails, strict=True)
                ]
            )
    if not parts:
        return _EMPTY
    return [b"[" + rights[1:] + b"]" for rights in map(b"".join, zip(*parts, strict=False))]
