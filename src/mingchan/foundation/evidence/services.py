"""Services of the trace (留痕服务): record an act, attach a file, erase a detail, switch SM3 on."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import (
    events,
    protection,
    queries,
    rules,
    stored,
    storing,
    tree,
    verification,
    verify_runs,
    writing,
)
from mingchan.foundation.evidence.choices import AttachmentKind, Outcome
from mingchan.foundation.evidence.models import Attachment, Detail, Record, Tile, VerifyRun
from mingchan.foundation.evidence.reports import MOST_FINDINGS, Finding, Report
from mingchan.foundation.evidence.verification import Progress
from mingchan.kernel import canonical, crypto, database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.kernel.events import EventKind
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref

logger = logging.getLogger("mingchan.evidence")
ATTACHMENT = protection.Protected(kind="attachment", model=Attachment)


def record(
    kind: EventKind,
    obj: Ref,
    *,
    actor: Actor,
    on: date,
    after: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    division: str = "",
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    outcome: str = Outcome.OK,
) -> int:
    """Append one record to the log in the caller's transaction and return its seq (等保 安全审计).

    `after` and `before` are whole rows as documents (`protection.document`): give `before` for every change, `before`
    alone when the row ends, neither for an act that changes no row. Without `before` the log's own last digest is
    stated. If the record can't be written, the whole transaction is lost, even when the caller catches the error.
    """
    with transaction.atomic(savepoint=False):
        locked = writing.lock()
        text = str(obj)
        before_digest: str | None
        if before is not None:
            before_digest = rules.digest_text(rules.document_bytes(canonical.without_nulls(before)))
        else:
            before_digest = writing.last_digest(text) if after is not None else None
        seq = locked.head.size
        writing.append(
            locked,
            writing.frame(kind, actor, on, locked, outcome),
            [(text, division, None if after is None else canonical.without_nulls(after), before_digest)],
            county=writing.region_of(actor, ""),
            facts=_facts(actor, facts),
            reason=reason,
        )
        return seq


def record_many(
    kind: EventKind,
    rows: Iterable[Sequence[Any]],
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> tuple[int, int]:
    """Append a record for each (obj text, division, after) in one pass; returns the first seq and how many.

    `after` is the whole row in canonical types (dates as text). Three values mean a row that begins; a fourth, the
    whole row `before` or its digest, is needed for one that changes; a row that ends has `after` None. When the first
    row has three values, all must. Rows are read as they are written, never all at once. Who makes many documents
    column by column may give `after` as its canonical bytes.
    """
    with transaction.atomic(savepoint=False):
        locked = writing.lock()
        first = locked.head.size
        count = writing.append(
            locked,
            writing.frame(kind, actor, on, locked, Outcome.OK),
            _with_digests(rows),
            county=writing.region_of(actor, ""),
            facts=_facts(actor, facts),
            reason=reason,
        )
        return first, count


def record_own_transaction(
    kind: EventKind,
    obj: Ref,
    *,
    actor: Actor,
    on: date,
    division: str = "",
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    outcome: str = Outcome.REFUSED,
) -> int:
    """Record a refusal, or a read of personal data (`outcome` ok), in a transaction of its own; returns the seq.

    Raises RuntimeError inside another transaction, whose rollback would take the record with it.
    """
    with transaction.atomic(durable=True):
        return record(kind, obj, actor=actor, on=on, division=division, reason=reason, facts=facts, outcome=outcome)


def _facts(actor: Actor, facts: Mapping[str, Any] | None) -> dict[str, Any]:
    found = canonical.without_nulls(facts or {})
    if actor.name:
        found.setdefault("actor", actor.name)
    return found


def _with_digests(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """The rows with `before` as its digest; rows that begin pass in bulk as they are."""
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return ()
    everything = chain((first,), iterator)
    return everything if len(first) == 3 else map(_with_digest, everything)


def _with_digest(row: Sequence[Any]) -> Sequence[Any]:
    if len(row) == 3:
        return row
    obj, division, after, before = row
    return obj, division, after, before if before is None or isinstance(before, str) else digest_of(before)


def digest_of(document: Mapping[str, Any]) -> str:
    """A whole row's digest as records hold it: what `record_many` takes as `before` when the row itself isn't kept."""
    return rules.digest_text(rules.document_bytes(document))


def attach(
    content: BinaryIO | bytes,
    *,
    name: str,
    owner: Ref,
    division: str,
    kind: str,
    party: int | None = None,
    actor: Actor,
    on: date,
) -> Attachment:
    """Keep a file as evidence of its owner and record it with its digest.

    Raises Refusal for a type outside the list, a photo that is no image, a damaged or huge image, more than 50 MB;
    ValueError for a kind that isn't an AttachmentKind; NotAllowed without `paper.attach` over the division
    (`exchange.import` for a workbook);
    `party` is the one whose own thing it is, for accounts that hold the right over their own things only.
    """
    kind = AttachmentKind(kind).value
    region = writing.region_of(actor, division)
    right = "exchange.import" if kind == AttachmentKind.WORKBOOK else "paper.attach"
    if not actor.may(right, region) and (party is None or party not in actor.parties(right)):
        raise NotAllowed(_("没有在该区划上传附件的权限。"))
    stored = storing.store(
        content,
        name,
        only_images=kind == AttachmentKind.PHOTO,
        with_markup=kind == AttachmentKind.WORKBOOK,
    )
    with transaction.atomic():
        attachment = Attachment(
            county=actor.county,
            sha256=stored.sha256,
            size=stored.size,
            name=stored.name,
            media_type=stored.media_type,
            kind=kind,
            owner=str(owner),
            division_code=region,
            attached_on=on,
            recorded_at=utc_now(),
            uploader=actor.name,
        )
        attachment.save(force_insert=True)
        record(
            events.FILE_ATTACHED,
            Ref("attachment", attachment.pk),
            actor=actor,
            on=on,
            after=protection.document(ATTACHMENT, attachment),
            division=region,
            facts={"name": stored.name, "owner": str(owner)},
        )
    return attachment


def erase_detail(seq: int, *, reason: str, actor: Actor, on: date) -> int:
    """Erase the detail of a record for ever (个人信息保护法 47); the record stays provable. Returns the erasure's seq.

    Raises NotFound when there is no such record or it is erased already, NotAllowed without `party.manage` there.
    """
    with transaction.atomic():
        writing.lock()
        region = Record.objects.filter(seq=seq).values_list("region", flat=True).first()
        if region is None or not Detail.objects.filter(id=seq).exclude(body=b"").exists():
            raise NotFound(_("没有这条记录，或其细节已抹去。"))
        if not actor.may("party.manage", region):
            raise NotAllowed(_("没有抹去细节的权限。"))
        Detail.objects.filter(id=seq).update(salt=b"", body=b"")
        return record(
            events.DETAIL_ERASED,
            Ref("record", seq),
            actor=actor,
            on=on,
            division=region,
            reason=reason,
            facts={"target": seq},
        )


def switch_on_sm3(*, actor: Actor, on: date) -> int:
    """Grow a second tree with SM3 from here on, filling in the earlier leaves at once; returns the first seq with both.

    Idempotent. Raises NotAllowed without `backup.make`. The guards let a leaf be filled in once and never changed.
    """
    if not actor.may("backup.make"):
        raise NotAllowed(_("没有维护系统的权限。"))
    with transaction.atomic():
        locked = writing.lock()
        head = locked.head
        if head.sm3_from is not None:
            return head.sm3_from
        frontier: list[bytes] = []
        for start in range(0, head.size, database.BATCH):
            bodies = Record.objects.filter(seq__gte=start, seq__lt=start + database.BATCH).order_by("seq")
            leaves = [(crypto.sm3(b"\x00" + bytes(body)), seq) for seq, body in bodies.values_list("seq", "body")]
            writing.fill_sm3(Record, "leaf_sm3", "seq", leaves)
            _size, tiles = tree.extend(start, frontier, (leaf for leaf, _seq in leaves), crypto.sm3)
            writing.fill_sm3(Tile, "sm3", "index", [(node, index) for index, node in tiles])
        head.sm3_from, locked.sm3 = head.size, frontier
        locked.save()
        record(events.SM3_SWITCHED_ON, Ref("log", "sm3"), actor=actor, on=on, facts={"from_seq": head.size})
        return head.size


def verify(
    protected: Sequence[protection.Protected] | None = None,
    *,
    progress: Progress | None = None,
    most: int = MOST_FINDINGS,
) -> Report:
    """Recompute the whole log and compare every protected row and file with it; changes nothing.

    `protected` defaults to what was registered; attachments are always among them. `progress(done, total)` is called
    now and then and must not use this thread's database connection. Raw edits, inserts and deletes are findings by
    object and field, whatever they left in a column; so is what the registered checks of other contexts find. Of the
    findings `most` are kept in full, the rest counted.
    """
    listed = protection.registered() if protected is None else tuple(protected)
    if all(item.kind != ATTACHMENT.kind for item in listed):
        listed = (*listed, ATTACHMENT)
    report = verification.verify(listed, progress, most)
    for check in protection.checks():
        try:
            for wrong in stored.whatever_the_text(partial(_list, check)):
                facts = {"words": wrong.words}
                report.add(Finding("check", wrong.obj, wrong.field, wrong.expected, wrong.found, facts=facts))
        except (DatabaseError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as problem:
            logger.warning("a check of rows stopped", exc_info=True)
            report.add(Finding("check.stopped", facts={"words": f"{type(problem).__name__}: {problem}"}))
    return report


def _list(check: protection.Check) -> list[protection.Disagreement]:
    return list(check())


def start_verification(*, actor: Actor, on: date) -> tuple[VerifyRun, bool]:
    """Ask for a run of the verifier; True when it is a new one to be carried out, False when one is still going.

    Raises NotAllowed without `log.verify`.
    """
    with transaction.atomic():
        return verify_runs.ask(actor, on)


def run_verification(run_id: int, *, actor: Actor, on: date) -> Report:
    """Carry out a run that was asked for, keep its report, and record its verdict."""
    report = verify_runs.carry_out(run_id, lambda progress: verify(progress=progress))
    record(
        events.LOG_VERIFIED,
        Ref("verification", run_id),
        actor=actor,
        on=on,
        facts={"verdict": report.verdict.value, "findings": report.found},
    )
    return report


def read_file(attachment_id: int, *, actor: Actor, on: date) -> tuple[Attachment, Path]:
    """An attachment for its reader, recorded as read, with the path of its content.

    Raises NotFound outside the divisions over which the actor holds `paper.view`, and when the content is gone.
    """
    attachment = queries.attachment_for(attachment_id, actor)
    _found, path = queries.open_attachment(attachment_id)
    record(
        events.FILE_READ,
        Ref("attachment", attachment_id),
        actor=actor,
        on=on,
        division=attachment.division_code,
        facts={"name": attachment.name},
    )
    return attachment, path
