"""The byte form of a record (记录的规范形式), of its details, and their digests. Pure: no Django, no database.

Every record has exactly one form: UTF-8 JSON, keys sorted, absent keys left out. Bulk work fills a prepared form
instead of encoding each record; a test holds both to the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from mingchan.kernel import canonical

VERSION = 1
PREFIX = "sha256:"
SALT_BYTES = 32


def moment_text(moment: datetime) -> str:
    """A moment as records write it: UTC, six digits, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def document_bytes(document: Mapping[str, Any]) -> bytes:
    """Canonical bytes of a whole row, nulls left out. Raises TypeError for a value without a canonical form."""
    encoded = canonical.encode(document)
    if b":null" in encoded and None in document.values():
        return canonical.encode({key: value for key, value in document.items() if value is not None})
    return encoded


def digest_text(encoded: bytes) -> str:
    """The digest of canonical bytes as a record states it."""
    return PREFIX + hashlib.sha256(encoded).hexdigest()


def commit_text(salt: bytes, body: bytes) -> str:
    """The commitment to a detail, H(0x02 ‖ salt ‖ body), as a record states it."""
    return PREFIX + hashlib.sha256(b"\x02" + salt + body).hexdigest()


def mac(key: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA256, its key set up once. A record's MAC is over its seq (8 bytes, big endian) and SHA-256 leaf."""
    block = key.ljust(64, b"\0") if len(key) <= 64 else hashlib.sha256(key).digest().ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    sha256 = hashlib.sha256

    def of(message: bytes) -> bytes:
        return sha256(outer + sha256(inner + message).digest()).digest()

    return of


def session_digest(session: str) -> str:
    """A session as a record states it: its digest, so that the log can't be used to take the session over."""
    return digest_text(session.encode()) if session else ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the records of one act have in common, besides object, region, digests and seq. Empty text is left out."""

    act: str
    actor: str
    at: str
    audit_class: str
    clauses: Sequence[str]
    code: str
    epoch: int
    on: str
    outcome: str
    request: str
    role: str
    session: str
    src: str

    def document(
        self, seq: int, obj: str, region: str, commit: str, after: str | None = None, before: str | None = None
    ) -> dict[str, Any]:
        """The record as a document, for `canonical.encode`."""
        values: dict[str, Any] = {
            "act": self.act,
            "actor": self.actor,
            "after": after,
            "at": self.at,
            "before": before,
            "class": self.audit_class,
            "clause": list(self.clauses) or None,
            "code": self.code or None,
            "commit": commit,
            "epoch": self.epoch,
            "obj": obj,
            "on": self.on,
            "outcome": self.outcome,
            "region": region or None,
            "request": self.request or None,
            "role": self.role or None,
            "seq": seq,
            "session": self.session or None,
            "src": self.src or None,
            "v": VERSION,
        }
        return {key: value for key, value in values.items() if value is not None}

    def template(self) -> str:
        """The record's form for `%` with (after, before, commit, obj, region, seq) in place, each as finished JSON.

        `after` and `before` are empty or `,"after":"sha256:…"`; `commit` is the bare text; `obj` is JSON text; region
        is empty or `,"region":"…"`.
        """

        def text(value: Any) -> str:
            return orjson.dumps(value).decode().replace("%", "%%")

        def part(key: str, value: Any) -> str:
            return f',"{key}":{text(value)}' if value else ""

        return (
            f'{{"act":{text(self.act)},"actor":{text(self.actor)}%s,"at":{text(self.at)}%s'
            f',"class":{text(self.audit_class)}{part("clause", list(self.clauses))}{part("code", self.code)}'
            f',"commit":"%s","epoch":{self.epoch},"obj":%s,"on":{text(self.on)},"outcome":{text(self.outcome)}%s'
            f"{part('request', self.request)}{part('role', self.role)}"
            f',"seq":%d{part("session", self.session)}{part("src", self.src)},"v":{VERSION}}}'
        )


def detail_tail(facts: Mapping[str, Any], reason: str) -> bytes:
    """The end of a detail's body after the row: `,"facts":{…},"reason":"…"}` or less."""
    tail = b""
    if facts:
        tail += b',"facts":' + canonical.encode(facts)
    if reason:
        tail += b',"reason":' + orjson.dumps(reason)
    return tail + b"}"


def detail_body(after: bytes | None, tail: bytes) -> bytes:
    """A detail's canonical body from the row's canonical bytes and the prepared end."""
    if after is None:
        return b"{" + tail.removeprefix(b",")
    return b'{"after":' + after + tail


def differences(expected: Any, found: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two documents differ, as (field path, expected, found): `cost_fen`, `rights[0].party_id`."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in dict.fromkeys((*expected, *found)):
            yield from differences(expected.get(name), found.get(name), f"{path}.{name}" if path else name)
    elif isinstance(expected, list) and isinstance(found, list):
        for at in range(max(len(expected), len(found))):
            yield from differences(
                expected[at] if at < len(expected) else None, found[at] if at < len(found) else None, f"{path}[{at}]"
            )
    elif expected != found or type(expected) is not type(found):
        yield path, expected, found
