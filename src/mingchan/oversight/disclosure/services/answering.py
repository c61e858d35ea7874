"""Objections are dealt with (办理异议): accepted or not, looked into, answered; by nobody with a part in the matter."""

from datetime import date

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.evidence.choices import Outcome as Ending
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure import events, permissions, rules, wording
from mingchan.oversight.disclosure.choices import ObjectionState, ObjectionVerdict
from mingchan.oversight.disclosure.drafts import FileDraft
from mingchan.oversight.disclosure.models import Objection, ObjectionNote
from mingchan.oversight.disclosure.queries import documents
from mingchan.oversight.disclosure.services import keeping

_CLAUSES = ("3.4.3a", "4.3")
NAME, CONTACT = "name", "contact"


def is_impartial(row: Objection, account: Account | None) -> bool:
    """Whether an account has no part in the matter: it neither drafted it nor belongs to a body with an interest."""
    notice = row.notice
    drafters = [key for key in (notice.drafter_id, notice.case.drafter_id if notice.case else None) if key is not None]
    interested = orjson.loads(notice.case.interested) if notice.case is not None else []
    if account is None:
        return False
    return rules.may_handle(account.pk, account.office_id, drafters=drafters, interested=interested)


def account_of(actor: Actor) -> Account | None:
    """The account behind an actor; None for the system and for somebody without one."""
    return None if actor.account_id is None else Account.objects.filter(pk=actor.account_id).first()


def _handled(objection_id: int, version: int, *, actor: Actor) -> Objection:
    """The objection, locked, for somebody who may deal with it."""
    row = keeping.locked_objection(objection_id, permissions.HANDLE, actor=actor)
    keeping.current(row, version)
    if not is_impartial(row, account_of(actor)):
        raise NotAllowed(_("经办人和利害关系方不能办理这件异议"), clauses=_CLAUSES)
    return row


def _in_state(row: Objection, state: ObjectionState, words: str) -> None:
    if row.state != state:
        raise Refusal(words, clauses=_CLAUSES)


def _investigator(row: Objection, account_id: int, on: date) -> Account:
    """The account that is to look into it. Raises Refusal for one that may not."""
    account = Account.objects.filter(pk=account_id, county=row.county, is_active=True).first()
    if account is None or not directory.actor_for(account, on).may(permissions.HANDLE, row.division_code):
        raise Refusal(_("核查人须有办理异议的权限"), clauses=_CLAUSES, field="investigator")
    if not is_impartial(row, account):
        raise Refusal(_("核查人不能是事项经办人或利害关系方"), clauses=_CLAUSES, field="investigator")
    return account


@transaction.atomic
def accept(objection_id: int, investigator: int, version: int, *, actor: Actor, on: date) -> Objection:
    """Accept an objection (受理) and say who looks into it: neither the matter's drafter nor a party to it.

    Raises NotFound, NotAllowed without `objection.handle` or with a part in the matter, Stale, Refusal. Serves 4.3.
    """
    row = _handled(objection_id, version, actor=actor)
    _in_state(row, ObjectionState.OPEN, _("这件异议已经受理或办结"))
    account = _investigator(row, investigator, on)
    before = keeping.whole(documents.OBJECTION, row)
    row.state, row.accepted_on, row.accepted_by = ObjectionState.ACCEPTED, on, actor.name
    row.investigator = account
    return keeping.save_objection(
        row, events.ACCEPTED, before, actor=actor, on=on, facts={"investigator": account.name}
    )


@transaction.atomic
def assign(objection_id: int, investigator: int, version: int, *, actor: Actor, on: date) -> Objection:
    """Give an accepted objection to another investigator. Raises as `accept`."""
    row = _handled(objection_id, version, actor=actor)
    _in_state(row, ObjectionState.ACCEPTED, _("只有核查中的异议可以换核查人"))
    account = _investigator(row, investigator, on)
    before = keeping.whole(documents.OBJECTION, row)
    row.investigator = account
    return keeping.save_objection(
        row, events.ASSIGNED, before, actor=actor, on=on, facts={"investigator": account.name}
    )


def _public_words(row: Objection, text: str) -> str:
    """Words that will be public. Raises Refusal when they are none, or show who raised the objection or a number."""
    words = text.strip()
    if len(words) < 5:
        raise Refusal(_("请写明答复内容（至少 5 个字）"), clauses=_CLAUSES, field="text")
    found = rules.kinds_in(words)
    if found:
        raise Refusal(
            _("答复将公开，其中有%(kind)s，请去掉") % {"kind": wording.kind_of(found[0])},
            clauses=("1.2b",),
            field="text",
        )
    for cipher, context in ((row.name_cipher, "objection.name"), (row.contact_cipher, "objection.contact")):
        if cipher is not None and _told(bytes(cipher), context) in words:
            raise Refusal(_("答复将公开，请不要写出提出人的姓名或联系方式"), clauses=("1.2b",), field="text")
    return words


def _told(cipher: bytes, context: str) -> str:
    try:
        return crypto.decrypt(cipher, context=context)
    except crypto.Undecipherable:
        return "\0"


@transaction.atomic
def refuse(objection_id: int, reason: str, version: int, *, actor: Actor, on: date) -> Objection:
    """Refuse an objection as inadmissible (不予受理), with a reason that is published. Raises as `accept`."""
    row = _handled(objection_id, version, actor=actor)
    _in_state(row, ObjectionState.OPEN, _("这件异议已经受理或办结"))
    words = _public_words(row, reason)
    before = keeping.whole(documents.OBJECTION, row)
    row.state, row.answer = ObjectionState.INADMISSIBLE, words
    row.answered_on, row.answered_at, row.answered_by = on, utc_now(), actor.name
    return keeping.save_objection(row, events.REFUSED, before, actor=actor, on=on, reason=words)


@transaction.atomic
def note(objection_id: int, text: str, *, paper: FileDraft | None = None, actor: Actor, on: date) -> ObjectionNote:
    """Note what was found (核查记录), with a paper. Only while it is looked into, by somebody without a part in it."""
    row = keeping.locked_objection(objection_id, permissions.HANDLE, actor=actor)
    _in_state(row, ObjectionState.ACCEPTED, _("只有核查中的异议可以登记核查记录"))
    if not is_impartial(row, account_of(actor)):
        raise NotAllowed(_("经办人和利害关系方不能办理这件异议"), clauses=_CLAUSES)
    words = text.strip()
    if len(words) < 2:
        raise Refusal(_("请写明核查情况"), clauses=_CLAUSES, field="text")
    kept = None
    if paper is not None:
        kept = evidence.attach(
            paper.content,
            name=paper.name,
            owner=Ref("objection", row.pk),
            division=row.division_code,
            kind=AttachmentKind.OTHER,
            actor=actor,
            on=on,
        )
    made = ObjectionNote.objects.create(
        objection=row,
        text=words[:1000],
        paper=kept,
        account_id=actor.account_id,
        noted_by=actor.name,
        noted_on=on,
    )
    keeping.record(
        events.NOTED, documents.NOTE, made, division=row.division_code, actor=actor, on=on,
        facts={"number": row.number},
    )  # fmt: skip
    return made


@transaction.atomic
def answer(objection_id: int, verdict: str, text: str, version: int, *, actor: Actor, on: date) -> Objection:
    """Answer an accepted objection (答复): upheld, in part, or not, in words that are published with the notice.

    Something must have been looked into before. The period doesn't end earlier by it. Raises as `accept`; Refusal for
    words that show a person's number or who raised it. Serves 3.4.3a, 4.3, 1.2b.
    """
    row = _handled(objection_id, version, actor=actor)
    _in_state(row, ObjectionState.ACCEPTED, _("受理后才能答复，答复只有一次"))
    if verdict not in ObjectionVerdict.values:
        raise Refusal(_("请选择成立、部分成立或不成立"), clauses=_CLAUSES, field="verdict")
    if not ObjectionNote.objects.filter(objection=row).exists():
        raise Refusal(_("请先登记核查记录，再答复"), clauses=_CLAUSES)
    words = _public_words(row, text)
    before = keeping.whole(documents.OBJECTION, row)
    row.state, row.verdict, row.answer = ObjectionState.ANSWERED, verdict, words
    row.answered_on, row.answered_at, row.answered_by = on, utc_now(), actor.name
    return keeping.save_objection(
        row, events.ANSWERED, before, actor=actor, on=on, facts={"verdict": row.get_verdict_display()}
    )


def reveal(objection_id: int, field: str, reason: str, *, actor: Actor, on: date) -> str:
    """Name or contact of whoever raised the objection; the look itself is recorded first (1.2b).

    Not to be called inside a transaction. Raises NotFound out of sight, NotAllowed (recorded too) without
    `personal.reveal` or with a part in the matter, Refusal without a reason or a value.
    """
    row = Objection.objects.filter(pk=objection_id, county=actor.county).select_related("notice__case").first()
    if row is None or not actor.may(permissions.SEE_OBJECTIONS, row.division_code) or field not in (NAME, CONTACT):
        raise NotFound(_("没有这件异议"))
    label = _("姓名") if field == NAME else _("联系方式")
    allowed = actor.may(permissions.REVEAL, row.division_code) and is_impartial(row, account_of(actor))
    why = reason.strip()
    if allowed and len(why) < 4:
        raise Refusal(_("请写明查看理由（至少 4 个字）。"), clauses=("1.2b",), field="reason")
    evidence.record_own_transaction(
        events.REVEALED,
        Ref("objection", row.pk),
        actor=actor,
        on=on,
        division=row.division_code,
        reason=why,
        facts={"number": row.number, "field": label},
        outcome=Ending.OK if allowed else Ending.REFUSED,
    )
    if not allowed:
        raise NotAllowed(_("您没有查看完整个人信息的权限。"), clauses=("1.2b",))
    cipher = row.name_cipher if field == NAME else row.contact_cipher
    if cipher is None:
        raise Refusal(_("提出人没有留下这一项"), clauses=("1.2b",))
    try:
        return crypto.decrypt(bytes(cipher), context=f"objection.{field}")
    except crypto.Undecipherable:
        raise Refusal(_("密文已被改动，或密钥不在本机，无法还原。"), clauses=("1.2b",)) from None
