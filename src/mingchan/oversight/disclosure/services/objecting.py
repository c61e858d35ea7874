"""Objections come in (提出异议): from anyone, without an account, with a code to follow them by (3.4.3a, 4.3)."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.queries import calendar
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure import events, rules
from mingchan.oversight.disclosure.choices import DayUnit, NoticeState, ObjectionSource
from mingchan.oversight.disclosure.drafts import FileDraft, ObjectionDraft, Receipt
from mingchan.oversight.disclosure.models import Notice, Objection
from mingchan.oversight.disclosure.queries import documents, public
from mingchan.oversight.disclosure.services import keeping

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
LONGEST_TEXT = 2000
TAKEN = ("image/png", "image/jpeg", "image/webp", "application/pdf")
_CLAUSES = ("3.4.3a", "4.3")


@transaction.atomic
def object_to(notice_id: int, given: ObjectionDraft, *, is_sample: bool = False, actor: Actor, on: date) -> Receipt:
    """Take an objection to a published notice, from anyone: name and contact are optional, encrypted and masked.

    Until the end of the last day it holds the notice and its case; a later one holds nothing but is answered all the
    same. An actor with an account notes it for somebody (来人来电来信). The receipt's code is kept as a digest only.
    Raises NotFound for no published notice; Refusal for one that was corrected or withdrawn, an empty or overlong text,
    too many or too large files, or files that are neither pictures nor PDF. Serves 3.4.3a, 4.3.
    """
    notice = Notice.objects.select_for_update(of=("self",)).filter(pk=notice_id, county=actor.county).first()
    if notice is None or notice.state in (NoticeState.DRAFT, NoticeState.DROPPED) or notice.last_day is None:
        raise NotFound(_("没有这份公示"))
    _takes_objections(notice)
    text = given.text.strip()
    if len(text) < 5 or len(text) > LONGEST_TEXT:
        raise Refusal(_("请写明异议内容，5 至 %(most)s 字") % {"most": LONGEST_TEXT}, clauses=_CLAUSES, field="text")
    name, contact = " ".join(given.name.split())[:50], " ".join(given.contact.split())[:100]
    key = reserve_ids(Objection, 1)
    last = Objection.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("serial"))["last"] or 0
    number, code = f"YY{on.year}-{last + 1:04d}", "".join(secrets.choice(LETTERS) for _n in range(CODE_LENGTH))
    days = policy.figure("objection.days")
    row = Objection(
        pk=key,
        county=actor.county,
        notice=notice,
        division_code=notice.division_code,
        year=on.year,
        serial=last + 1,
        number=number,
        code_digest=public.code_digest(number, code),
        source=ObjectionSource.PORTAL if actor.account_id is None else ObjectionSource.COUNTER,
        text=text,
        name_cipher=crypto.encrypt(name, context="objection.name") if name else None,
        name_mask=rules.mask_person(name),
        contact_cipher=crypto.encrypt(contact, context="objection.contact") if contact else None,
        contact_mask=rules.mask_contact(contact),
        is_late=rules.is_late(on, notice.last_day),
        raised_on=on,
        raised_at=utc_now(),
        due_on=rules.period(on, days, DayUnit.WORKING, calendar.exceptions(actor.county)).last,
        taken_by="" if actor.account_id is None else actor.name,
        is_sample=is_sample or notice.is_sample,
    )
    row.save(force_insert=True)
    _keep(given.files, row, actor, on)
    keeping.record(
        events.RAISED,
        documents.OBJECTION,
        row,
        division=row.division_code,
        actor=actor,
        on=on,
        facts={"number": number, "notice": notice.number},
    )
    return Receipt(number, f"{code[:5]}-{code[5:]}")


def _takes_objections(notice: Notice) -> None:
    """Raises Refusal for a notice that no longer stands."""
    later = Notice.objects.filter(supersedes=notice, state__in=(NoticeState.PUBLISHED, NoticeState.CLOSED)).first()
    if later is not None:
        raise Refusal(
            _("这份公示已更正，请对更正后的公示 %(number)s 提出") % {"number": later.number}, clauses=_CLAUSES
        )
    if notice.state == NoticeState.WITHDRAWN:
        raise Refusal(_("这份公示已撤销"), clauses=_CLAUSES)


def _keep(files: Sequence[FileDraft], row: Objection, actor: Actor, on: date) -> None:
    """Keep the files of an objection. Whoever raises one may attach to it and to nothing else."""
    most, size = policy.figure("objection.files"), policy.figure("objection.file_mb")
    if len(files) > most:
        raise Refusal(_("附件最多 %(count)s 个") % {"count": most}, clauses=_CLAUSES, field="files")
    may = replace(actor, grants=(Grant("objector", row.county, frozenset({"paper.attach"})),))
    for file in files:
        if len(file.content) > size * 1024 * 1024:
            raise Refusal(_("附件每个不超过 %(size)s MB") % {"size": size}, clauses=_CLAUSES, field="files")
        kept = evidence.attach(
            file.content,
            name=file.name,
            owner=Ref("objection", row.pk),
            division=row.division_code,
            kind=AttachmentKind.OTHER,
            actor=may,
            on=on,
        )
        if kept.media_type not in TAKEN:
            raise Refusal(_("附件只收图片和 PDF"), clauses=_CLAUSES, field="files")
