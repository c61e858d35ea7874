"""Reading the trace (查留痕): lives of objects, rows as of a day, the log and its proofs, attachments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection, reports, rules, storing, tree, wording, writing
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.evidence.models import Attachment, Detail, Head, Record, Tile, VerifyRun
from mingchan.kernel import crypto, fieldwork
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.events import kind_of
from mingchan.kernel.refs import Ref

PAGE = 50
_LIFE_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as people read it. `kind` is the act's code; `actor` the name, or the account when it was erased."""

    seq: int
    at: datetime
    on: date
    actor: str
    kind: str
    obj: str
    sentence: str
    reason: str
    outcome: str = "ok"
    account: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the log, newest first; `before` and `after` are the seq to go on from, None at either end."""

    entries: list[Entry]
    after: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a record's page shows: its digests, the root it is under, the hashes of the proof, and whether all agree."""

    size: int
    root: str
    leaf: str
    hashes: tuple[str, ...]
    verified: bool
    mac_right: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the row a record is about, as people read it; `was` is None when the act didn't change it."""

    label: str
    value: str
    was: str | None


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record in full: entry, exact bytes, detail (empty when erased), neighbours of the same object."""

    entry: Entry
    body: bytes
    document: Mapping[str, Any]
    detail: Mapping[str, Any]
    erased: bool
    proof: Proof
    previous: int | None
    following: int | None
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of the log: how many records, the root in hex, the short form for the eye, the last record's time."""

    size: int
    root: str
    text: str
    at: datetime | None

    def __str__(self) -> str:
        return self.text


class _Words(dict[str, Any]):
    """Placeholders of a sentence; what isn't known reads as a dash."""

    def __missing__(self, _key: str) -> str:
        return "—"


def sentence_of(code: str, after: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """The sentence of a record in the reader's language, from its facts and its row; the code for an unknown kind."""
    kind = kind_of(code)
    if kind is None:
        return code
    return str(kind.sentence) % _Words({**after, **facts})


def moment_of(text: str) -> datetime:
    """A record's time as a moment."""
    return datetime.fromisoformat(text)


def _detail_of(body: Any) -> dict[str, Any]:
    try:
        found = orjson.loads(bytes(body)) if body else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _entry(values: tuple[Any, ...], detail: Mapping[str, Any]) -> Entry:
    seq, body, act, obj, actor, on, at = values
    facts = detail.get("facts", {})
    outcome = "refused" if b'"outcome":"refused"' in bytes(body) else "ok"
    return Entry(
        seq=seq,
        at=moment_of(at),
        on=on,
        actor=wording.actor_name(actor, facts),
        kind=act,
        obj=obj,
        sentence=sentence_of(act, {**detail.get("after", {}), "reason": detail.get("reason", "—")}, facts),
        reason=str(detail.get("reason", "")),
        outcome=outcome,
        account=actor,
    )


_ENTRY_COLUMNS = ("seq", "body", "act", "obj", "actor", "on", "at")


def _entries(records: QuerySet[Record]) -> list[Entry]:
    rows = list(records.values_list(*_ENTRY_COLUMNS))
    bodies = dict(Detail.objects.filter(id__in=[row[0] for row in rows]).values_list("id", "body"))
    return [_entry(row, _detail_of(bodies.get(row[0]))) for row in rows]


def history(ref: Ref, limit: int = 500) -> list[Entry]:
    """Every record about the object, oldest first; of a longer life the newest `limit`."""
    return _entries(Record.objects.filter(obj=str(ref)).order_by("-seq")[:limit])[::-1]


def as_of(ref: Ref, day: date) -> dict[str, Any] | None:
    """The object's whole row at the end of a business date, None before it began, after it ended or when erased.

    Of several records, the one written last whose business date isn't later than the day counts.
    """
    records = Record.objects.filter(obj=str(ref), on__lte=day).order_by("-seq").values_list("seq", "body")
    start: int | None = None
    while True:
        chunk = list((records if start is None else records.filter(seq__lt=start))[:_LIFE_CHUNK])
        if not chunk:
            return None
        for seq, body in chunk:
            document = orjson.loads(bytes(body))
            if "after" in document:
                found = _detail_of(Detail.objects.filter(id=seq).values_list("body", flat=True).first())
                after = found.get("after")
                return after if isinstance(after, dict) else None
            if "before" in document:
                return None
        start = chunk[-1][0]


def visible_to(actor: Actor) -> QuerySet[Record]:
    """Records of the divisions over which the actor may see the log."""
    within = Q(pk__in=[])
    for scope in actor.scopes("log.view"):
        within |= Q(region__startswith=scope)
    return Record.objects.filter(within)


def recent(
    actor: Actor,
    *,
    act: str = "",
    obj: str = "",
    person: str = "",
    day_from: date | None = None,
    day_to: date | None = None,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """A page of the log the actor may see, newest first. `act` is a code or its beginning, `person` an account text.

    `after` goes on to older records than that seq, `before` back to newer ones.
    """
    records = visible_to(actor)
    if act:
        records = (
            records.filter(act__gte=act, act__lt=act + "\U0010ffff") if act.endswith(".") else records.filter(act=act)
        )
    if obj:
        records = records.filter(obj=obj)
    if person:
        records = records.filter(actor=person)
    if day_from is not None:
        records = records.filter(on__gte=day_from)
    if day_to is not None:
        records = records.filter(on__lte=day_to)
    if before is not None:
        found = _entries(records.filter(seq__gt=before).order_by("seq")[: limit + 1])
        newer = found[limit - 1].seq if len(found) > limit else None
        found = found[:limit][::-1]
        older = found[-1].seq if found else None
        return Page(found, older, None if newer is None else found[0].seq)
    if after is not None:
        records = records.filter(seq__lt=after)
    found = _entries(records.order_by("-seq")[: limit + 1])
    older = found[limit - 1].seq if len(found) > limit else None
    found = found[:limit]
    return Page(found, older, found[0].seq if after is not None and found else None)


_SKIP = """
WITH RECURSIVE present(word) AS (
    SELECT MIN({column}) FROM evidence_record
    UNION ALL
    SELECT (SELECT MIN({column}) FROM evidence_record WHERE {column} > present.word)
    FROM present WHERE present.word IS NOT NULL
)
SELECT word, (SELECT MAX(seq) FROM evidence_record WHERE {column} = word) FROM present WHERE word IS NOT NULL
"""


def _present(column: str) -> list[tuple[str, int]]:
    """Values of an indexed column with the last seq of each, by skipping from one to the next in the index."""
    with connection.cursor() as cursor:
        cursor.execute(_SKIP.format(column=column))
        return [(str(word), int(seq)) for word, seq in cursor.fetchall()]


def acts_present() -> list[str]:
    """Codes of acts that occur in the log, in order."""
    return [word for word, _seq in _present("act")]


def people_present(actor: Actor) -> list[tuple[str, str]]:
    """Accounts that occur in the log with the name in their last record; none for a reader of less than the county."""
    if actor.county not in actor.scopes("log.view"):
        return []
    found = _present("actor")
    bodies = dict(Detail.objects.filter(id__in=[seq for _word, seq in found]).values_list("id", "body"))
    return [(word, wording.actor_name(word, _detail_of(bodies.get(seq)).get("facts"))) for word, seq in found]


def range_root(low: int, high: int, digest: tree.Digest = tree.sha256) -> bytes:
    """Root over the leaves [low, high) of a subtree of the log, from kept subtree roots where they cover it."""
    sm3 = digest is crypto.sm3
    width = high - low
    if width >= tree.TILE and not low % tree.TILE:
        column = "sm3" if sm3 else "sha256"
        tiles = Tile.objects.filter(index__gte=low // tree.TILE, index__lt=high // tree.TILE).order_by("index")
        frontier: list[bytes] = []
        nodes = [bytes(node) for node in tiles.values_list(column, flat=True)]
        tree.extend(0, frontier, nodes, digest)
        rest = high // tree.TILE * tree.TILE
        if rest < high:
            frontier += _frontier(rest, high, sm3, digest)
        return tree.root_of(frontier, digest)
    return tree.root_of(_frontier(low, high, sm3, digest), digest)


def _frontier(low: int, high: int, sm3: bool, digest: tree.Digest) -> list[bytes]:
    column = "leaf_sm3" if sm3 else "leaf_sha256"
    leaves = Record.objects.filter(seq__gte=low, seq__lt=high).order_by("seq").values_list(column, flat=True)
    frontier: list[bytes] = []
    tree.extend(0, frontier, (bytes(leaf) for leaf in leaves), digest)
    return frontier


def inclusion_proof(seq: int, size: int) -> list[bytes]:
    """Proof that the record is in the log of that size (RFC 6962, SHA-256). Raises ValueError when it isn't."""
    return tree.inclusion_proof(seq, size, range_root)


def consistency_proof(old: int, new: int) -> list[bytes]:
    """Proof that the log of size `new` extends the one of size `old` (RFC 6962, SHA-256)."""
    return tree.consistency_proof(old, new, range_root)


def _proof(seq: int, body: bytes, mac: bytes, key_id: str) -> Proof:
    head = Head.objects.get(id=1)
    root = tree.root_of(tree.split_frontier(bytes(head.sha256)))
    leaf = tree.leaf_hash(body)
    hashes = inclusion_proof(seq, head.size) if seq < head.size else []
    present_id, key = crypto.mac_key()
    return Proof(
        size=head.size,
        root=root.hex(),
        leaf=leaf.hex(),
        hashes=tuple(part.hex() for part in hashes),
        verified=tree.verify_inclusion(seq, head.size, leaf, hashes, root),
        mac_right=key_id == present_id and rules.mac(key)(seq.to_bytes(8) + leaf) == mac,
    )


def record(seq: int, actor: Actor) -> RecordView:
    """One record in full. Raises NotFound when there is none the actor may see."""
    found = visible_to(actor).filter(seq=seq).first()
    if found is None:
        raise NotFound(_("没有这条记录。"))
    body = bytes(found.body)
    raw = Detail.objects.filter(id=seq).values_list("body", flat=True).first()
    detail = _detail_of(raw)
    values = (found.seq, body, found.act, found.obj, found.actor, found.on, found.at)
    try:
        document = orjson.loads(body)
    except ValueError:
        document = {}
    same = visible_to(actor).filter(obj=found.obj)
    return RecordView(
        entry=_entry(values, detail),
        body=body,
        document=document,
        detail=detail,
        erased=not raw,
        proof=_proof(seq, body, bytes(found.mac), found.key_id),
        previous=same.filter(seq__lt=seq).order_by("-seq").values_list("seq", flat=True).first(),
        following=same.filter(seq__gt=seq).order_by("seq").values_list("seq", flat=True).first(),
        fields=_fields(found.obj, seq, detail.get("after")),
    )


def _row_before(obj: str, seq: int) -> Mapping[str, Any]:
    """The object's row as its records before the given one left it, empty when there was none."""
    earlier = Record.objects.filter(obj=obj, seq__lt=seq).order_by("-seq").values_list("seq", flat=True)
    for body in (
        Detail.objects.filter(id__in=list(earlier[:_LIFE_CHUNK])).order_by("-id").values_list("body", flat=True)
    ):
        after = _detail_of(body).get("after")
        if isinstance(after, dict):
            return after
    return {}


def _fields(obj: str, seq: int, after: Any) -> tuple[FieldView, ...]:
    """The row's fields under their labels, what changed first; encrypted values aren't shown."""
    if not isinstance(after, dict):
        return ()
    kind = obj.partition(":")[0]
    model = next((item.model._meta.label for item in protection.registered() if item.kind == kind), "")
    before = _row_before(obj, seq)
    found = []
    for name in dict.fromkeys((*after, *before)):
        if name.endswith("_cipher"):
            continue
        changed = bool(before) and before.get(name) != after.get(name)
        was = wording.value_text(model, name, before.get(name)) if changed else None
        label, value = wording.field_label(model, name), wording.value_text(model, name, after.get(name))
        found.append(FieldView(label, value, was))
    return tuple(sorted(found, key=lambda field: field.was is None))


def latest_checkpoint() -> Checkpoint:
    """The end of the log now, from its head: a root over nothing when the log is empty."""
    head = Head.objects.filter(id=1).first() or Head(sha256=b"")
    root = tree.root_of(tree.split_frontier(bytes(head.sha256)))
    at = moment_of(head.last_at) if head.last_at else None
    return Checkpoint(head.size, root.hex(), reports.checkpoint_text(head.size, root), at)


def attachments_of(ref: Ref) -> list[Attachment]:
    """Files attached to the object, oldest first."""
    return list(Attachment.objects.filter(owner=str(ref)).order_by("id"))


def attachments_of_many(refs: Sequence[Ref]) -> dict[str, list[Attachment]]:
    """Files of several objects, by reference text."""
    found: dict[str, list[Attachment]] = {}
    for attachment in Attachment.objects.filter(owner__in=[str(ref) for ref in refs]).order_by("id"):
        found.setdefault(attachment.owner, []).append(attachment)
    return found


def photographs_of(ref: Ref, digests: Collection[str]) -> dict[str, Attachment]:
    """Photographs from the field attached to an errand, by the digest of the bytes sent, which events name.

    Those that haven't arrived yet are missing.
    """
    found = Attachment.objects.filter(owner=str(ref), kind=AttachmentKind.PHOTO).order_by("-id")
    wanted = set(digests)
    return {digest: file for file in found if (digest := fieldwork.sent_digest(file.name)) in wanted}


def attachment_for(attachment_id: int, actor: Actor, right: str = "paper.view") -> Attachment:
    """An attachment the actor may see. Raises NotFound outside the actor's divisions, as if there were none."""
    found = Attachment.objects.filter(id=attachment_id).first()
    if found is None or not actor.may(right, found.division_code):
        raise NotFound(_("没有这个附件。"))
    return found


def open_attachment(attachment_id: int) -> tuple[Attachment, Path]:
    """An attachment and the path of its content, without asking who reads. Raises NotFound when either is missing."""
    found = Attachment.objects.filter(id=attachment_id).first()
    if found is None or not storing.path_of(found.sha256).is_file():
        raise NotFound(_("没有这个附件。"))
    return found, storing.path_of(found.sha256)


def runs(actor: Actor, limit: int = 20) -> list[VerifyRun]:
    """The newest runs of the verifier in the actor's county."""
    return list(VerifyRun.objects.filter(county=actor.county).defer("report").order_by("-id")[:limit])


def run(run_id: int, actor: Actor) -> VerifyRun:
    """One run of the verifier. Raises NotFound outside the actor's county."""
    found = VerifyRun.objects.filter(id=run_id, county=actor.county).first()
    if found is None:
        raise NotFound(_("没有这次校验。"))
    return found


def program_digest() -> str:
    """Digest of the program's files: which code is running."""
    return writing.program_digest()
