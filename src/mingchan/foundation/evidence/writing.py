"""The one writer of the log (写日志): takes the end of the log under lock and appends records in one pass."""

import hashlib
import os
from binascii import hexlify
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, models

from mingchan.foundation.evidence import rules, tree
from mingchan.foundation.evidence.models import Detail, Head, Record, Tile
from mingchan.kernel import canonical, crypto, database
from mingchan.kernel.actor import Actor
from mingchan.kernel.events import EventKind
from mingchan.kernel.period import utc_now

RECORD_COLUMNS = (
    "seq", "body", "leaf_sha256", "mac", "key_id", "detail_id", "act", "obj", "actor", "on", "at", "region",
)  # fmt: skip
DETAIL_HEAD = bytearray(b'{"after":')
"""Bytes go to SQLite as bytearrays: of `bytes` its driver asks each time what they might be adapted to."""
BATCH = 2000
"""Records made before they are written: more would no longer lie in the processor's own memory."""
PROGRAM_SUFFIXES = {".py", ".html", ".yaml", ".csv", ".js", ".css"}


@cache
def program_digest() -> str:
    """Digest of the program's files, once per process: which code made a record."""
    package = Path(__file__).resolve().parents[2]
    total = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in PROGRAM_SUFFIXES and "tests" not in path.parts and path.is_file():
            total.update(path.relative_to(package).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def actor_text(actor: Actor) -> str:
    """The actor as records name it: `account:12`, or `system`. The person's name stands in the erasable detail."""
    return "system" if actor.account_id is None else f"account:{actor.account_id}"


@dataclass(slots=True)
class Locked:
    """The end of the log, held until the transaction ends."""

    head: Head
    sha256: list[bytes]
    sm3: list[bytes] | None

    def save(self) -> None:
        """Write the end back."""
        self.head.sha256 = b"".join(self.sha256)
        self.head.sm3 = None if self.sm3 is None else b"".join(self.sm3)
        self.head.save(force_update=True)


def lock() -> Locked:
    """Take the end of the log for this transaction: the row lock on PostgreSQL, the write lock held on SQLite."""
    found = Head.objects.select_for_update().filter(id=1).first()
    if found is None:
        Head.objects.bulk_create([Head(id=1, sha256=b"")], ignore_conflicts=True)
        found = Head.objects.select_for_update().get(id=1)
    sm3 = None if found.sm3 is None else tree.split_frontier(bytes(found.sm3))
    return Locked(found, tree.split_frontier(bytes(found.sha256)), sm3)


def frame(kind: EventKind, actor: Actor, on: date, locked: Locked, outcome: str) -> rules.Frame:
    """What the records of this act have in common. The recording time never goes back."""
    at = max(rules.moment_text(utc_now()), locked.head.last_at)
    locked.head.last_at = at
    return rules.Frame(
        act=kind.code,
        actor=actor_text(actor),
        at=at,
        audit_class=kind.audit_class,
        clauses=kind.clauses,
        code=program_digest(),
        epoch=locked.head.epoch,
        on=on.isoformat(),
        outcome=outcome,
        request=actor.request,
        role=actor.role,
        session=rules.session_digest(actor.session),
        src=actor.source,
    )


def region_of(actor: Actor, division: str) -> str:
    """The division a record belongs to: the object's, else the whole county."""
    return division or actor.county or str(settings.COUNTY)


def last_digest(obj: str) -> str | None:
    """Digest of the object's row after its last record that changed it, None when there is none or it ended."""
    bodies = Record.objects.filter(obj=obj).order_by("-seq").values_list("body", flat=True)
    for body in bodies[:200].iterator(chunk_size=8):
        document = orjson.loads(body)
        if "after" in document or "before" in document:
            after = document.get("after")
            return None if after is None else str(after)
    return None


def append(
    locked: Locked,
    common: rules.Frame,
    rows: Iterable[Sequence[Any]],
    *,
    county: str,
    facts: Mapping[str, Any],
    reason: str,
) -> int:
    """Append records for (obj, division, after document or None[, before digest text or None]); returns how many.

    One pass: each document is encoded once, each record's bytes come from the prepared form, and both tables are
    written a batch at a time. A document may be given as its canonical bytes, made column by column.
    """
    key_id, key = crypto.mac_key()
    mac_of = rules.mac(key)
    template, tail = common.template().encode(), rules.detail_tail(facts, reason)
    act, actor, on, at = common.act, common.actor, common.on, common.at
    sha256, to_json, to_hex = hashlib.sha256, orjson.dumps, hexlify
    encode = canonical.encode
    sm3_frontier = locked.sm3
    regions = _Regions()
    seq = first = locked.head.size
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        salts = os.urandom(rules.SALT_BYTES * len(batch))
        records: list[tuple[Any, ...]] = []
        details: list[tuple[int, bytearray, bytearray]] = []
        leaves: list[bytes] = []
        sm3_leaves: list[bytes] = []
        add_record, add_detail, add_leaf = records.append, details.append, leaves.append
        at_salt = 0
        before_json = b""
        for row in batch:
            if len(row) == 3:
                obj, division, after = row
            else:
                obj, division, after, before = row
                if before is not None and not isinstance(before, str):
                    raise TypeError("the first row had no `before`, so none may")
                before_json = b',"before":"' + before.encode() + b'"' if before else b""
            region = division or county
            salt = salts[at_salt : at_salt + 32]
            at_salt += 32
            if after is None:
                after_json, detail = b"", bytearray(rules.detail_body(None, tail))
            else:
                if after.__class__ is bytes:
                    encoded = after
                else:
                    encoded = encode(after)
                    if b":null" in encoded:
                        encoded = rules.document_bytes(after)
                after_json = b',"after":"sha256:' + to_hex(sha256(encoded).digest()) + b'"'
                detail = DETAIL_HEAD + encoded + tail
            body = template % (
                after_json,
                before_json,
                b"sha256:" + to_hex(sha256(b"\x02" + salt + detail).digest()),
                to_json(obj),
                regions[region],
                seq,
            )
            leaf = sha256(b"\x00" + body).digest()
            if sm3_frontier is not None:
                sm3_leaves.append(crypto.sm3(b"\x00" + body))
            add_leaf(leaf)
            mac = bytearray(mac_of(seq.to_bytes(8) + leaf))
            add_record((seq, bytearray(body), bytearray(leaf), mac, key_id, seq, act, obj, actor, on, at, region))
            add_detail((seq, bytearray(salt), detail))
            seq += 1
        _, tiles = tree.extend(locked.head.size, locked.sha256, leaves)
        sm3_tiles: dict[int, bytes] = {}
        if sm3_frontier is not None:
            sm3_tiles = dict(tree.extend(locked.head.size, sm3_frontier, sm3_leaves, crypto.sm3)[1])
        locked.head.size = seq
        if sm3_frontier is None:
            database.insert_rows(Record, RECORD_COLUMNS, records)
        else:
            with_sm3 = [(*record, leaf) for record, leaf in zip(records, sm3_leaves, strict=True)]
            database.insert_rows(Record, (*RECORD_COLUMNS, "leaf_sm3"), with_sm3)
        database.insert_rows(Detail, ("id", "salt", "body"), details)
        if tiles:
            database.insert_rows(
                Tile, ("index", "sha256", "sm3"), [(index, node, sm3_tiles.get(index)) for index, node in tiles]
            )
    if seq > first:
        locked.save()
    return seq - first


class _Regions(dict[str, bytes]):
    """The part of a record that names its division, each made once."""

    def __missing__(self, region: str) -> bytes:
        part = self[region] = b',"region":' + orjson.dumps(region)
        return part


def fill_sm3(model: type[models.Model], column: str, key: str, rows: Sequence[tuple[bytes, int]]) -> None:
    """Fill in SM3 hashes as (hash, key) where there are none yet."""
    if not rows:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s AND "{column}" IS NULL',  # noqa: S608 - own names
            rows,
        )
