"""Receiving a workbook: the file is kept with its digest, and one already in the register is refused (2.2)."""

import hashlib
from datetime import date
from functools import partial
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.interfaces.exchange import events, permissions, spool
from mingchan.interfaces.exchange.choices import BatchState, Purpose
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.services import locking
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref

CHUNK = 1024 * 1024
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt")


class AlreadyApplied(Refusal):
    """The same file is in the register already, or was taken as a survey; `batch_id` and `purpose` say as what."""

    def __init__(self, message: Any, batch_id: int, purpose: str = "") -> None:
        super().__init__(message, clauses=("2.2",))
        self.batch_id = batch_id
        self.purpose = purpose


def digest_of(content: BinaryIO) -> str:
    """SHA-256 of a file from its start, leaving it at its start."""
    content.seek(0)
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


@transaction.atomic
def receive(
    content: BinaryIO, *, name: str, actor: Actor, on: date, is_sample: bool = False, purpose: str = ""
) -> Batch:
    """Keep a workbook and open a batch. The same file not yet applied opens its standing batch.

    `purpose` says as what the workbook is handed in; without it the sheets' own headings say so.

    Raises AlreadyApplied when the file is in the register, Refusal when it is no workbook, NotAllowed.
    """
    permissions.require_import(actor, purpose)
    if actor.account_id is None:
        raise Refusal(_("导入须由一个账号经办。"))
    if not name.lower().endswith(SUFFIXES):
        raise Refusal(
            _("《%(name)s》不是可导入的工作簿。请使用 xlsx、xls、ods 或 csv 文件。") % {"name": name}, clauses=("2.2",)
        )
    sha256 = digest_of(content)
    standing = Batch.objects.filter(county=actor.county, sha256=sha256).order_by("-id")
    applied = next((batch for batch in standing if batch.state == BatchState.APPLIED), None)
    if applied is not None:
        taken = _("这个文件已于%(day)s作为调查表收下（批次 %(number)s），不能重复导入。")
        entered = _("这个文件已于%(day)s导入入账（批次 %(number)s），不能重复导入。")
        message = (taken if applied.purpose == Purpose.SURVEY else entered) % {
            "day": applied.applied_on,
            "number": applied.pk,
        }
        raise AlreadyApplied(message, applied.pk, applied.purpose)
    open_again = next((b for b in standing if b.state not in (BatchState.DISCARDED, BatchState.WITHDRAWN)), None)
    if open_again is not None and purpose in ("", open_again.purpose):
        return open_again
    batch = Batch.objects.create(
        county=actor.county,
        file_name=name[:200],
        sha256=sha256,
        uploader_id=actor.account_id,
        received_on=on,
        received_at=utc_now(),
        is_sample=is_sample,
        purpose=purpose,
    )
    batch.file = evidence.attach(
        content,
        name=name,
        owner=Ref("batch", batch.pk),
        division=actor.county,
        kind=AttachmentKind.OTHER if purpose == Purpose.SURVEY else AttachmentKind.WORKBOOK,
        actor=actor,
        on=on,
    )
    batch.save(update_fields=["file"])
    evidence.record(
        events.RECEIVED,
        Ref("batch", batch.pk),
        actor=actor,
        on=on,
        division=actor.county,
        facts={"file": batch.file_name, "sha256": sha256},
    )
    return batch


@transaction.atomic
def discard(batch_id: int, *, actor: Actor, on: date) -> Batch:
    """Throw away a batch that has changed nothing. The file and the record of it stay."""
    batch = locking.lock(batch_id, actor)
    permissions.require_import(actor, batch.purpose)
    locking.require_state(batch, *permissions.OPEN_STATES)
    batch.state = BatchState.DISCARDED
    batch.save(update_fields=["state"])
    transaction.on_commit(partial(spool.forget, batch_id))
    evidence.record(
        events.DISCARDED,
        Ref("batch", batch.pk),
        actor=actor,
        on=on,
        division=batch.county,
        facts={"file": batch.file_name},
    )
    return batch
