"""Reports from the public (群众反映服务): take in, accept, pass on, investigate, answer; none ever deleted (4.3)."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind, Outcome
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import queries as procedures
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.oversight.complaints import events, permissions, queries, rules
from mingchan.oversight.complaints.choices import Act, Kind, Source
from mingchan.oversight.complaints.drafts import ComplaintDraft, FileDraft, Receipt
from mingchan.oversight.complaints.models import Complaint, ComplaintSeries, Step

MOST_FILES = 3
NAME, CONTACT = "complaint.name", "complaint.contact"
_PROTECTED = queries.PROTECTED[0]


@transaction.atomic
def receive(draft: ComplaintDraft, *, actor: Actor, on: date, is_sample: bool = False) -> Receipt:
    """Take a report in, number it, and send it to the office that handles it (4.3, 2.6.2).

    Anybody may report through the portal; whoever writes down a call, visit or letter needs `complaint.handle`. The
    code in the receipt is kept as a keyed digest only and can't be shown again. Raises NotAllowed; Refusal for no text
    or too long a one, neither asset nor place, too many files or a file that is no picture.
    """
    source = Source(draft.source)
    if source != Source.PORTAL:
        permissions.require_record(actor)
    kind, text = Kind(draft.kind), draft.text.strip()
    _check(draft, text)
    office = queries.office_for(actor.county, draft.division_code, kind, on)
    if source != Source.PORTAL and not actor.may(permissions.HANDLE, draft.division_code or actor.county):
        raise NotAllowed(_("这个地方不在您的办理范围内，请转告县级承办单位登记。"), clauses=("4.3", "4.1"))
    number = _next_number(actor.county, on.year)
    code = "".join(secrets.choice(rules.ALPHABET) for _place in range(rules.CODE_LENGTH))
    name, contact = draft.name.strip()[:30], draft.contact.strip()[:60]
    complaint = Complaint.objects.create(
        county=actor.county,
        number=number,
        code_digest=crypto.lookup_digest(code, context=queries.CODE_CONTEXT),
        source=source,
        kind=kind,
        text=text,
        asset_code=draft.asset_code.strip(),
        division_code=draft.division_code,
        place=draft.place.strip(),
        name_cipher=crypto.encrypt(name, context=NAME) if name else None,
        name_mask=rules.masked(name),
        contact_cipher=crypto.encrypt(contact, context=CONTACT) if contact else None,
        contact_mask=_contact_mask(contact),
        handled_in=office.scope if office else actor.county,
        office_id=office.party_id if office else None,
        office_name=office.name if office else "",
        received_on=on,
        due_on=procedures.working_day_after(actor.county, on, policy.figure("complaint.days")),
        is_sample=is_sample,
    )
    by = "" if source == Source.PORTAL else actor.name
    Step.objects.create(
        complaint=complaint, number=1, act=Act.RECEIVE, on=on, office_name=complaint.office_name, done_by=by
    )
    _keep_files(complaint, draft.files, actor, on)
    evidence.record(
        events.RECEIVED,
        Ref("complaint", complaint.pk),
        actor=actor,
        on=on,
        after=protection.document(_PROTECTED, complaint),
        division=complaint.handled_in,
        facts={"number": number, "kind": kind.value},
    )
    return Receipt(complaint.pk, number, code)


def _check(draft: ComplaintDraft, text: str) -> None:
    if len(text) < 5:
        raise Refusal(_("请写明情况，至少 5 个字。"), clauses=("4.3",), field="text")
    if len(text) > rules.LONGEST_TEXT:
        raise Refusal(
            _("情况请写在 %(count)s 个字以内。") % {"count": rules.LONGEST_TEXT}, clauses=("4.3",), field="text"
        )
    if not (draft.asset_code.strip() or draft.division_code or draft.place.strip()):
        raise Refusal(_("请填写资产编号，或写明在哪里。"), clauses=("4.3",), field="place")
    if len(draft.files) > MOST_FILES:
        raise Refusal(_("一次最多上传 %(count)s 张照片。") % {"count": MOST_FILES}, clauses=("4.3",), field="files")


def _contact_mask(contact: str) -> str:
    return crypto.mask_phone(contact) or rules.masked(contact)


def _next_number(county: str, year: int) -> str:
    ComplaintSeries.objects.bulk_create([ComplaintSeries(county=county, year=year)], ignore_conflicts=True)
    series = ComplaintSeries.objects.select_for_update().get(county=county, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return rules.number_text(year, series.last)


def _keep_files(complaint: Complaint, files: Sequence[FileDraft], actor: Actor, on: date) -> None:
    """Keep photographs, encoded anew, where only the office that handles the report sees them."""
    grant = Grant("receiver", complaint.handled_in, frozenset({"paper.attach"}))
    keeper = replace(actor, grants=(*actor.grants, grant))
    for file in files:
        evidence.attach(
            file.content,
            name=file.name,
            owner=Ref("complaint", complaint.pk),
            division=complaint.handled_in,
            kind=AttachmentKind.PHOTO,
            actor=keeper,
            on=on,
        )


def _locked(complaint_id: int, seen: int, act: Act, actor: Actor) -> tuple[Complaint, dict[str, Any]]:
    """The report, locked, and its document before the change. Raises what `permissions` does, Stale, Refusal."""
    found = Complaint.objects.select_for_update().filter(pk=complaint_id).first()
    complaint = permissions.require_handle(actor, found)
    if complaint.version != seen:
        raise Stale(
            _("这条群众反映刚被他人办理，请核对后再操作。"),
            theirs={"state": complaint.get_state_display()},
            yours={"state": act.label},
        )
    if act not in rules.acts(complaint.state, complaint.kind):
        raise Refusal(
            _("现在是“%(state)s”，不能%(act)s。") % {"state": complaint.get_state_display(), "act": act.label},
            clauses=("4.3",),
        )
    return complaint, protection.document(_PROTECTED, complaint)


def _office_of(actor: Actor) -> str:
    found = Account.objects.filter(pk=actor.account_id or 0).values_list("office__name", flat=True).first()
    return found or ""


def _done(
    complaint: Complaint,
    before: dict[str, Any],
    act: Act,
    kind: EventKind,
    *,
    actor: Actor,
    on: date,
    text: str = "",
    **facts: str,
) -> Complaint:
    """Write the step and the report's new state, and record both."""
    last = Step.objects.filter(complaint=complaint).order_by("-number").values_list("number", "on").first()
    assert last is not None
    if on < last[1]:
        raise Refusal(_("办理日期不能早于上一步。"), clauses=("4.3",))
    Step.objects.create(
        complaint=complaint,
        number=last[0] + 1,
        act=act,
        on=on,
        office_name=_office_of(actor),
        done_by=actor.name,
        text=text,
    )
    complaint.state = rules.state_after(act)
    complaint.version += 1
    complaint.save()
    evidence.record(
        kind,
        Ref("complaint", complaint.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(_PROTECTED, complaint),
        division=complaint.handled_in,
        reason=text,
        facts={"number": complaint.number, **facts},
    )
    return complaint


@transaction.atomic
def accept(complaint_id: int, *, seen: int, actor: Actor, on: date) -> Complaint:
    """Accept a report: from now on this office answers. Raises NotFound, NotAllowed, Stale, Refusal (4.3)."""
    complaint, before = _locked(complaint_id, seen, Act.ACCEPT, actor)
    return _done(complaint, before, Act.ACCEPT, events.ACCEPTED, actor=actor, on=on)


@transaction.atomic
def pass_on(complaint_id: int, office_key: str, reason: str, *, seen: int, actor: Actor, on: date) -> Complaint:
    """Give a report to the office whose matter it is; the term goes on. `office_key`: `scope:party` (4.3, 4.1).

    Raises NotFound, NotAllowed, Stale; Refusal without a reason or for an office that handles no reports, or the same.
    """
    complaint, before = _locked(complaint_id, seen, Act.PASS_ON, actor)
    known = {f"{one.scope}:{one.party_id}": one for one in queries.offices(actor.county, on)}
    office = known.get(office_key)
    if office is None:
        raise Refusal(_("请选择办理群众反映的单位。"), clauses=("4.1",), field="office")
    if (office.scope, office.party_id) == (complaint.handled_in, complaint.office_id):
        raise Refusal(_("这条反映已经由该单位办理。"), clauses=("4.1",), field="office")
    if not reason.strip():
        raise Refusal(_("请写明转办理由。"), clauses=("4.3",), field="reason")
    complaint.handled_in, complaint.office_id, complaint.office_name = office.scope, office.party_id, office.name
    return _done(
        complaint,
        before,
        Act.PASS_ON,
        events.PASSED_ON,
        actor=actor,
        on=on,
        text=reason.strip(),
        office=office.name,
    )


@transaction.atomic
def investigate(
    complaint_id: int, finding: str, *, files: Sequence[FileDraft] = (), seen: int, actor: Actor, on: date
) -> Complaint:
    """Note what was found on the spot, with photographs; for the offices only (2.6.2).

    Raises NotFound, NotAllowed, Stale; Refusal without a finding.
    """
    complaint, before = _locked(complaint_id, seen, Act.INVESTIGATE, actor)
    if len(finding.strip()) < 4:
        raise Refusal(_("请写明核查情况。"), clauses=("2.6.2",), field="finding")
    _keep_files(complaint, files, actor, on)
    return _done(complaint, before, Act.INVESTIGATE, events.INVESTIGATED, actor=actor, on=on, text=finding.strip())


@transaction.atomic
def answer(
    complaint_id: int,
    text: str,
    *,
    is_public: bool,
    followed_by: str = "",
    seen: int,
    actor: Actor,
    on: date,
) -> Complaint:
    """Answer the reporter, and everybody when `is_public`; say which act followed, if any (4.3, 2.6.2).

    Raises NotFound, NotAllowed, Stale; Refusal for an empty answer, or for a public one that names the reporter or
    holds a number of a phone or identity card.
    """
    complaint, before = _locked(complaint_id, seen, Act.ANSWER, actor)
    words = text.strip()
    if len(words) < 4:
        raise Refusal(_("请写明答复内容。"), clauses=("4.3",), field="answer")
    if is_public and rules.names_somebody(f"{words} {followed_by}", *_reporter(complaint)):
        raise Refusal(
            _("答复中有反映人姓名、联系方式或身份证号，不能公开。请改写，或不公开答复。"),
            clauses=("1.2b", "4.3"),
            field="answer",
        )
    complaint.answer, complaint.is_public, complaint.closed_on = words, is_public, on
    complaint.followed_by = followed_by.strip()[:200]
    return _done(complaint, before, Act.ANSWER, events.ANSWERED, actor=actor, on=on, text=complaint.followed_by)


@transaction.atomic
def decline(complaint_id: int, reason: str, *, seen: int, actor: Actor, on: date) -> Complaint:
    """Decline a report that isn't about the programme's assets, or was made twice; the reporter reads why (4.3).

    Raises NotFound, NotAllowed, Stale; Refusal without a reason.
    """
    complaint, before = _locked(complaint_id, seen, Act.DECLINE, actor)
    if len(reason.strip()) < 4:
        raise Refusal(_("请写明不予受理的理由，反映人会看到。"), clauses=("4.3",), field="reason")
    complaint.answer, complaint.closed_on = reason.strip(), on
    return _done(complaint, before, Act.DECLINE, events.DECLINED, actor=actor, on=on)


def _reporter(complaint: Complaint) -> tuple[str, str]:
    """Name and contact in full, empty where none was given. Raises Refusal when they can't be read."""
    try:
        name = crypto.decrypt(bytes(complaint.name_cipher), context=NAME) if complaint.name_cipher else ""
        contact = crypto.decrypt(bytes(complaint.contact_cipher), context=CONTACT) if complaint.contact_cipher else ""
    except crypto.Undecipherable:
        raise Refusal(_("密文已被改动，或密钥不在本机，无法还原。"), clauses=("1.2b",)) from None
    return name, contact


def reveal(complaint_id: int, reason: str, *, actor: Actor, on: date) -> tuple[str, str]:
    """Name and contact of the reporter in full; the look itself is recorded first (1.2b).

    Not to be called inside a transaction. Raises NotFound, NotAllowed (recorded too) for who doesn't handle the
    report, Refusal without a reason.
    """
    complaint = Complaint.objects.filter(pk=complaint_id, county=actor.county).first()
    if complaint is None or not actor.may(permissions.VIEW, complaint.handled_in):
        raise NotFound(_("没有这条群众反映。"))
    allowed = permissions.may_handle(actor, complaint)
    if allowed and len(reason.strip()) < 4:
        raise Refusal(_("请写明查看理由（至少 4 个字）。"), clauses=("1.2b",), field="reason")
    evidence.record_own_transaction(
        events.REVEALED,
        Ref("complaint", complaint.pk),
        actor=actor,
        on=on,
        division=complaint.handled_in,
        reason=reason.strip(),
        facts={"number": complaint.number},
        outcome=Outcome.OK if allowed else Outcome.REFUSED,
    )
    if not allowed:
        raise NotAllowed(_("只有承办单位可以查看反映人。"), clauses=("1.2b",))
    return _reporter(complaint)
