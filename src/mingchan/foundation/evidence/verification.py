"""The verifier inside the program (校验): recompute the log, then compare every protected row and file with it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from django.db import connection

from mingchan.foundation.evidence import events, protection, rules, stored, storing, tree
from mingchan.foundation.evidence.ends import Ends
from mingchan.foundation.evidence.models import Attachment, Detail, Head, Record, Tile
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.evidence.reports import MOST_FINDINGS, Finding, Report
from mingchan.kernel import canonical, crypto

BATCH = 5000
PROGRESS_STEP = 5000
Progress = Callable[[int, int], None]

_RECORDS = (
    "SELECT r.seq, r.body, r.leaf_sha256, r.leaf_sm3, r.mac, r.key_id, r.act, r.obj, r.actor, {day}, "
    "r.at, r.region, r.detail_id, d.id, d.salt, d.body "
    "FROM evidence_record r LEFT JOIN evidence_detail d ON d.id = r.detail_id "
    "WHERE r.seq > %s ORDER BY r.seq LIMIT %s"
)
_COPIES = ("act", "obj", "actor", "on", "at", "region")
_NAMES = ("seq", "body", "leaf_sha256", "leaf_sm3", "mac", "key_id", *_COPIES, "detail_id", "id", "salt", "body")
_WHOLE_ROW: tuple[type, ...] = (
    int, bytes, bytes, type(None), bytes, str, str, str, str, str, str, str, int, int, bytes, bytes,
)  # fmt: skip
_SOUND = frozenset((_WHOLE_ROW, (*_WHOLE_ROW[:3], bytes, *_WHOLE_ROW[4:])))
"""Types of a record's columns and its detail's as the program writes them, without and with SM3."""
_TEXTS = (str,) * 5
_OF_DETAIL = 13
HEAD = "log:head"


def _as(wanted: type, value: Any) -> Any:
    """A value of another kind as the nearest of the kind wanted, so that the comparison can go on."""
    if wanted is bytes:
        return bytes(value) if isinstance(value, memoryview) else ("" if value is None else str(value)).encode()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return "" if value is None else str(value)


def _digest(text: str) -> bytes:
    """The digest a record states. Raises ValueError for anything else."""
    digest = bytes.fromhex(text.removeprefix(rules.PREFIX))
    if len(digest) != tree.WIDTH:
        raise ValueError("not a digest")
    return digest


@contextmanager
def snapshot() -> Iterator[None]:
    """One unchanging view of the database for all reads inside, without holding up writers.

    Inside a transaction that is already open, that transaction is the view.
    """
    if connection.in_atomic_block:
        yield
        return
    start = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(start)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


class LogCheck:
    """One pass over the records and their details: bytes, leaves, MACs, trees, copies, commitments, links."""

    def __init__(self, report: Report, ends: Ends, progress: Callable[[int], None]) -> None:
        self.report, self.ends, self.progress = report, ends, progress
        self.key_id, key = crypto.mac_key()
        self.mac = rules.mac(key)
        self.head = HeadCheck(report)
        self.with_sm3 = self.head.with_sm3
        self.next_seq = 0
        self.size = 0
        self.frontier: list[bytes] = []
        self.sm3_frontier: list[bytes] = []
        self.tiles: list[tuple[int, bytes]] = []
        self.sm3_tiles: list[tuple[int, bytes]] = []
        self.missing, self.first_missing = 0, -1
        self.last_at, self.epoch = "", 1
        self.sm3_from: int | None = None
        self.erased: dict[int, str] = {}
        self.erasures: set[str] = set()

    def run(self) -> None:
        """Read everything and report what isn't right."""
        last = -(2**63)
        records = _RECORDS.format(day='+r."on"' if connection.vendor == "sqlite" else 'CAST(r."on" AS text)')
        with connection.cursor() as cursor:
            while True:
                cursor.execute(records, [last, BATCH])
                rows = cursor.fetchall()
                if not rows:
                    break
                last = rows[-1][0]
                self._batch(rows)
                self.progress(len(rows))
        self._close()

    def _batch(self, rows: Sequence[Sequence[Any]]) -> None:
        sha256, leaves, sm3_leaves = hashlib.sha256, [], []
        mac_of, key_id, check = self.mac, self.key_id, self._record
        for row in rows:
            if tuple(map(type, row)) not in _SOUND:
                row = self._made_sound(row)
            seq, body, kept, mac = row[0], row[1], row[2], row[4]
            if seq != self.next_seq:
                self._gap(seq)
            self.next_seq = seq + 1
            leaf = sha256(b"\x00" + body).digest()
            leaves.append(leaf)
            whole = leaf == kept and row[5] == key_id and seq >= 0 and mac_of(seq.to_bytes(8) + leaf) == mac
            if self.with_sm3:
                sm3_leaf = crypto.sm3(b"\x00" + bytes(body))
                sm3_leaves.append(sm3_leaf)
            else:
                sm3_leaf = None
            if row[3] != sm3_leaf:
                self.report.add(Finding("record.leaf", obj=row[7], field="leaf_sm3", seq=seq,
                                        facts={"model": "evidence.Record"}))  # fmt: skip
            if not whole:
                self._explain(row, leaf)
            check(row, whole)
        start = self.size
        self.size, tiles = tree.extend(start, self.frontier, leaves)
        self.tiles += tiles
        if self.with_sm3:
            self.sm3_tiles += tree.extend(start, self.sm3_frontier, sm3_leaves, crypto.sm3)[1]

    def _made_sound(self, row: Sequence[Any]) -> list[Any]:
        """Name the columns of a record or its detail that hold another kind of value, and go on with the nearest."""
        values = list(row)
        detail_is_there = row[_OF_DETAIL] is not None
        for at, (name, wanted, value) in enumerate(zip(_NAMES, _WHOLE_ROW, row, strict=True)):
            of_detail = at >= _OF_DETAIL
            if wanted in (int, type(value)) or (of_detail and not detail_is_there):
                continue
            if name == "leaf_sm3":
                if isinstance(value, bytes | memoryview):
                    values[at] = bytes(value)
                    continue
            else:
                values[at] = _as(wanted, value)
                if isinstance(value, memoryview):
                    continue
            facts = {"model": (Detail if of_detail else Record)._meta.label}
            obj = f"detail:{row[_OF_DETAIL]}" if of_detail else row[7]
            self.report.add(Finding("column.kind", obj, name, None, stored.strange(value), row[0], facts))
        return values

    def _gap(self, seq: int) -> None:
        if not self.missing:
            self.first_missing = self.next_seq
        self.missing += max(seq - self.next_seq, 1)

    def _explain(self, row: Sequence[Any], leaf: bytes) -> None:
        """Say which part of a record that doesn't hold together was changed, with the MAC as the judge."""
        seq, kept, mac, obj = row[0], row[2], row[4], row[7]
        if row[5] != self.key_id:
            self.report.add(Finding("record.key", obj=obj, expected=self.key_id, found=row[5], seq=seq))
        elif seq >= 0 and self.mac(seq.to_bytes(8) + leaf) == mac:
            self.report.add(Finding("record.leaf", obj=obj, field="leaf_sha256", seq=seq,
                                    facts={"model": "evidence.Record"}))  # fmt: skip
        elif kept != leaf:
            self.report.add(Finding("record.body", obj=obj, seq=seq))
        else:
            self.report.add(Finding("record.mac", obj=obj, seq=seq))

    def _record(self, row: Sequence[Any], whole: bool) -> None:
        seq, body, obj = row[0], row[1], row[7]
        try:
            document = orjson.loads(body)
            if orjson.dumps(document, option=orjson.OPT_SORT_KEYS) != body or document["v"] != rules.VERSION:
                raise ValueError("another form")
            stated = document["act"], document["obj"], document["actor"], document["on"], document["at"]
            if tuple(map(type, stated)) != _TEXTS or seq < 0:
                raise ValueError("not text")
            commit = _digest(document["commit"])
            after, before = document.get("after"), document.get("before")
            after_digest = None if after is None else _digest(after)
            before_digest = None if before is None else _digest(before)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.report.add(Finding("record.form", obj=obj, seq=seq))
            return
        act, obj, at = stated[0], stated[1], stated[4]
        if document.get("seq") != seq:
            self.report.add(Finding("record.number", obj=obj, found=document.get("seq"), seq=seq))
        if (*stated, document.get("region", "")) != row[6:12]:
            self._copies(row, document)
        if at < self.last_at:
            self.report.add(Finding("record.time", obj=obj, expected=self.last_at, found=at, seq=seq))
        else:
            self.last_at = at
        self.epoch = document.get("epoch")
        if act == events.DETAIL_ERASED.code:
            self.erasures.add(obj)
        elif act == events.SM3_SWITCHED_ON.code and self.sm3_from is None:
            self.sm3_from = seq
        salt, detail = row[14], row[15]
        if not salt or row[12] != seq or row[13] is None or hashlib.sha256(b"\x02" + salt + detail).digest() != commit:
            self._detail(row, obj, commit)
        if after is not None or before is not None:
            known = self.ends.put(obj, seq, after_digest if whole else self._stated(row, after_digest))
            if before_digest != (None if known is None else known[1]):
                self.report.add(Finding("record.before", obj=obj, seq=seq))

    def _copies(self, row: Sequence[Any], document: Mapping[str, Any]) -> None:
        """Name the search columns that differ from the bytes."""
        for name, value in zip(_COPIES, row[6:12], strict=True):
            if document.get(name, "") != value:
                self._column(document["obj"], name, document.get(name), value, row[0])

    def _column(self, obj: str, name: str, expected: Any, found: Any, seq: int) -> None:
        facts = {"model": Record._meta.label}
        self.report.add(Finding("record.column", obj, name, expected, found, seq, facts))

    def _stated(self, row: Sequence[Any], after: bytes | None) -> bytes | None:
        """What a changed record said its row was, from its detail."""
        try:
            document = orjson.loads(row[15])["after"]
        except (ValueError, KeyError, TypeError):
            return after
        return hashlib.sha256(canonical.encode(document)).digest()

    def _detail(self, row: Sequence[Any], obj: str, commit: bytes) -> None:
        seq, salt, body = row[0], row[14], row[15]
        if row[12] != seq:
            self._column(obj, "detail_id", seq, row[12], seq)
        if row[13] is None:
            self.report.add(Finding("detail.missing", obj=obj, seq=seq))
        elif not salt and not body:
            self.erased[seq] = obj
        elif hashlib.sha256(b"\x02" + salt + body).digest() != commit:
            self.report.add(Finding("detail.changed", obj=obj, seq=seq))

    def _close(self) -> None:
        report = self.report
        report.size, report.read["records"] = self.size, self.size
        report.sha256 = tree.root_of(self.frontier).hex()
        if self.with_sm3:
            report.sm3 = tree.root_of(self.sm3_frontier, crypto.sm3).hex()
        if self.missing:
            report.add(Finding("log.missing", seq=self.first_missing, facts={"count": self.missing}))
        for seq, obj in self.erased.items():
            if f"record:{seq}" not in self.erasures:
                report.add(Finding("detail.erased", obj=obj, seq=seq))
        self._extra_details()
        if not self.head.is_there:
            if self.size:
                report.add(Finding("head.missing", obj=HEAD))
        elif self.head.has_size(self.next_seq) and not self.missing:
            self.head.compare("epoch", self.epoch)
            self.head.compare("last_at", self.last_at)
            self.head.compare("sm3_from", self.sm3_from)
            sm3 = b"".join(self.sm3_frontier) if self.sm3_from is not None else None
            if self.head.has_roots(b"".join(self.frontier), sm3):
                self._tiles()

    def _extra_details(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*), MIN(d.id) FROM evidence_detail d "
                "LEFT JOIN evidence_record r ON r.seq = d.id WHERE r.seq IS NULL"
            )
            count, first = cursor.fetchone()
        if count:
            self.report.add(Finding("detail.extra", obj=f"detail:{first}", seq=first, facts={"count": count}))

    def _tiles(self) -> None:
        sm3 = dict(self.sm3_tiles)
        expected = {index: (node, sm3.get(index)) for index, node in self.tiles}
        kept = {row[0]: row[1:] for row in Tile.objects.values_list("index", "sha256", "sm3")}
        facts = {"model": Tile._meta.label}
        neither = (None, None)
        for index in sorted(expected.keys() | kept.keys()):
            nodes = zip(expected.get(index, neither), kept.get(index, neither), strict=True)
            for name, (wanted, found) in zip(("sha256", "sm3"), nodes, strict=True):
                if wanted != (bytes(found) if isinstance(found, memoryview) else found):
                    self.report.add(Finding("log.tile", f"tile:{index}", name, wanted, found, index << tree.TILE_LEVEL,
                                            facts))  # fmt: skip


class HeadCheck:
    """The stored end of the log: read once before the records, compared after them."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.values: dict[str, Any] = {**(Head.objects.filter(id=1).values().first() or {})}
        switched_on = Record.objects.filter(act=events.SM3_SWITCHED_ON.code).exists()
        self.with_sm3 = switched_on or (type(self.values.get("sm3_from")) is int and self.values.get("sm3") is not None)

    @property
    def is_there(self) -> bool:
        """Whether the log has an end."""
        return bool(self.values)

    def compare(self, name: str, expected: Any) -> bool:
        """Whether a column is what the records say; when not, it is named."""
        found = self.values[name]
        if found == expected and type(found) is type(expected):
            return True
        self.report.add(Finding("head.column", HEAD, name, expected, found, facts={"model": Head._meta.label}))
        return False

    def has_size(self, size: int) -> bool:
        """Whether the log has the length its end states."""
        stated = self.values["size"]
        if stated == size and type(stated) is int:
            return True
        code = "log.tail" if type(stated) is int and size < stated else "log.extra"
        self.report.add(Finding(code, HEAD, "size", stated, size))
        return False

    def has_roots(self, sha256: bytes, sm3: bytes | None) -> bool:
        """Whether the frontiers are those of the records."""
        for name, code, expected in (("sha256", "log.root", sha256), ("sm3", "log.root_sm3", sm3)):
            found = self.values[name]
            if (bytes(found) if isinstance(found, memoryview) else found) != expected:
                self.report.add(Finding(code, HEAD, name, expected, found))
                return False
        return True


class RowCheck:
    """The rows of protected models against the ends of their objects in the log."""

    def __init__(self, report: Report, ends: Ends, progress: Callable[[int], None]) -> None:
        self.report, self.ends, self.progress = report, ends, progress

    def run(self, protected: Sequence[Protected]) -> None:
        """Compare every row of every model, then name the rows that are gone."""
        rows = 0
        for item in protected:
            for pk, document in protection.documents(item):
                self._row(item, f"{item.kind}:{stored.strange(pk) if isinstance(pk, bytes) else pk}", document)
                rows += 1
                if not rows % PROGRESS_STEP:
                    self.progress(PROGRESS_STEP)
            for child, pk in protection.orphans(item):
                facts = {"model": child.model._meta.label, "label": str(pk)}
                self.report.add(Finding("row.added", obj=f"{item.kind}.{child.name}:{pk}", facts=facts))
        self.progress(rows % PROGRESS_STEP)
        self.report.read["rows"] = rows
        kinds = {item.kind: item for item in protected}
        for obj, seq in self.ends.living():
            kind = obj.partition(":")[0]
            item_of = kinds.get(kind)
            if item_of is None:
                self.report.unchecked[kind] = self.report.unchecked.get(kind, 0) + 1
            else:
                self.report.add(Finding("row.missing", obj=obj, seq=seq, facts=self._facts(item_of, seq, None)))

    def _row(self, item: Protected, obj: str, document: dict[str, Any]) -> None:
        end = self.ends.take(obj)
        if end is None:
            if item.begins is not None and not item.begins(document):
                return
            self.report.add(Finding("row.added", obj=obj, facts=_names(item, document)))
            return
        seq, digest = end
        if digest is None:
            self.report.add(Finding("row.revived", obj=obj, seq=seq, facts=_names(item, document)))
        elif hashlib.sha256(rules.document_bytes(document)).digest() != digest:
            facts = self._facts(item, seq, document)
            expected = _after(seq)
            found = list(rules.differences(expected, document)) if expected is not None else []
            for field, wanted, value in found:
                self.report.add(Finding("row.changed", obj=obj, field=field, expected=wanted, found=value, seq=seq,
                                        facts=facts))  # fmt: skip
            if not found:
                self.report.add(Finding("row.changed_somewhere", obj=obj, seq=seq, facts=facts))

    def _facts(self, item: Protected, seq: int, document: Mapping[str, Any] | None) -> dict[str, Any]:
        detail = _detail(seq)
        at, account = Record.objects.filter(seq=seq).values_list("at", "actor").first() or ("—", "—")
        facts = {**_names(item, document or _mapping(detail.get("after"))), "at": at, "account": account}
        name = _mapping(detail.get("facts")).get("actor")
        return {**facts, "actor": name} if name else facts


def _names(item: Protected, document: Mapping[str, Any]) -> dict[str, Any]:
    label = next((str(document[name]) for name in item.label if document.get(name)), "")
    return {"model": item.model._meta.label, "label": label}


def _detail(seq: int) -> dict[str, Any]:
    body = Detail.objects.filter(id=seq).values_list("body", flat=True).first()
    try:
        return _mapping(orjson.loads(bytes(body)) if body else None)
    except (TypeError, ValueError):
        return {}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _after(seq: int) -> dict[str, Any] | None:
    found = _detail(seq).get("after")
    return found if isinstance(found, dict) else None


def check_files(report: Report) -> None:
    """The content of every attachment against its digest, each content once."""
    checked: dict[str, str] = {}
    files = 0
    for pk, sha256, name in list(Attachment.objects.order_by("id").values_list("id", "sha256", "name")):
        files += 1
        if type(sha256) is not str:
            continue  # named as a changed row
        if sha256 not in checked:
            checked[sha256] = _file_digest(sha256)
        facts = {"model": Attachment._meta.label, "label": name}
        if not checked[sha256]:
            report.add(Finding("file.missing", obj=f"attachment:{pk}", field="content", expected=sha256, facts=facts))
        elif checked[sha256] != sha256:
            report.add(Finding("file.changed", obj=f"attachment:{pk}", field="content", expected=sha256,
                               found=checked[sha256], facts=facts))  # fmt: skip
    report.read["files"] = files


def _file_digest(sha256: str) -> str:
    try:
        with storing.path_of(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""  # ValueError: no name of a file


def verify(protected: Sequence[Protected], progress: Progress | None = None, most: int = MOST_FINDINGS) -> Report:
    """Recompute the log, compare rows and files; see `services.verify`."""
    return stored.whatever_the_text(lambda: _verified(protected, progress, most))


def _verified(protected: Sequence[Protected], progress: Progress | None, most: int) -> Report:
    report, ends = Report(most=most), Ends()
    with snapshot():
        total = Record.objects.count() + sum(item.model._default_manager.count() for item in protected)
        done = 0

        def advance(step: int) -> None:
            nonlocal done
            done += step
            if progress is not None:
                progress(done, total)

        LogCheck(report, ends, advance).run()
        RowCheck(report, ends, advance).run(protected)
        check_files(report)
    return report
