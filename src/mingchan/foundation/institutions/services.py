"""Services of the library (制度服务): an institution added, a version issued in place of another, one read (4.2)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.institutions import events, permissions, queries
from mingchan.foundation.institutions.choices import Field
from mingchan.foundation.institutions.drafts import DocumentDraft, VersionDraft
from mingchan.foundation.institutions.models import Document, Reading, Version
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref

CLAUSES = ("4.2", "2.4.1")


@transaction.atomic
def add(draft: DocumentDraft, *, actor: Actor, on: date, is_sample: bool = False) -> Document:
    """Add an institution to the library, still without a version (4.2, 2.4.1).

    Raises NotAllowed; Refusal for a title that is there already, an unknown clause or none.
    """
    permissions.require_issue(actor)
    title, clauses = draft.title.strip(), list(dict.fromkeys(draft.clauses))
    if not title or draft.field not in Field.values:
        raise Refusal(_("请填写制度名称和类别。"), clauses=CLAUSES, field="title")
    if not clauses or not set(clauses) <= set(policy.clauses()):
        raise Refusal(_("请选择制度落实方案的哪些条款。"), clauses=CLAUSES, field="clauses")
    if Document.objects.filter(county=actor.county, title=title).exists():
        raise Refusal(_("制度库中已有同名制度，请印发新版本。"), clauses=CLAUSES, field="title")
    document = Document.objects.create(
        county=actor.county, title=title, field=draft.field, clauses=" ".join(clauses), added_on=on, is_sample=is_sample
    )
    after = queries.document_of(document)
    evidence.record(events.ADDED, Ref("institution", document.pk), actor=actor, on=on, after=after)
    return document


@transaction.atomic
def issue(document_id: int, draft: VersionDraft, *, seen: int, actor: Actor, on: date) -> Version:
    """Issue a version; the one before no longer holds from the day on which this one does (4.2, 2.4.1).

    Raises NotFound, NotAllowed, Stale; Refusal without text or number, for a day not after the last version's, for
    readers without a term.
    """
    permissions.require_issue(actor)
    document = permissions.document(actor, Document.objects.select_for_update().filter(pk=document_id).first())
    if document.version != seen:
        raise Stale(
            _("这项制度刚印发了新版本，请核对。"), theirs={"version": document.version}, yours={"version": seen}
        )
    if not draft.document_no.strip() or len(draft.text.strip()) < 10:
        raise Refusal(_("请填写文号和制度正文。"), clauses=CLAUSES, field="text")
    readers = list(dict.fromkeys(draft.readers))
    if unknown := set(readers) - set(policy.roles()):
        raise Refusal(_("没有这个角色：%(role)s。") % {"role": sorted(unknown)[0]}, clauses=CLAUSES, field="readers")
    if readers and (draft.read_by is None or draft.read_by < on):
        raise Refusal(_("请填写阅知期限，不早于今天。"), clauses=CLAUSES, field="read_by")
    last = Version.objects.filter(document=document).order_by("-number").first()
    if last is not None:
        if not draft.changes.strip():
            raise Refusal(_("请写明修订了什么。"), clauses=CLAUSES, field="changes")
        if draft.valid_from <= last.valid_from:
            raise Refusal(_("新版本的施行日期须晚于上一版。"), clauses=CLAUSES, field="valid_from")
        before = queries.document_of(last)
        last.valid_to = draft.valid_from
        last.save(update_fields=["valid_to"])
        evidence.record(
            events.ENDED, Ref("institution_version", last.pk), actor=actor, on=on, before=before,
            after=queries.document_of(last), facts={"title": document.title},
        )  # fmt: skip
    version = Version.objects.create(
        document=document,
        number=1 if last is None else last.number + 1,
        document_no=draft.document_no.strip()[:60],
        text=draft.text.strip(),
        changes=draft.changes.strip()[:300],
        issued_on=on,
        valid_from=draft.valid_from,
        readers=" ".join(readers),
        read_by=draft.read_by if readers else None,
        issued_by=actor.name,
    )
    if draft.file is not None:
        evidence.attach(
            draft.file.content, name=draft.file.name, owner=Ref("institution_version", version.pk),
            division=actor.county, kind=AttachmentKind.APPROVAL, actor=actor, on=on,
        )  # fmt: skip
    known = queries.document_of(document)
    document.version += 1
    document.save(update_fields=["version"])
    evidence.record(
        events.ISSUED, Ref("institution", document.pk), actor=actor, on=on, before=known,
        after=queries.document_of(document),
        facts={"number": version.number, "valid_from": version.valid_from.isoformat()},
    )  # fmt: skip
    evidence.record(
        events.ISSUED, Ref("institution_version", version.pk), actor=actor, on=on, after=queries.document_of(version),
        facts={"title": document.title, "number": version.number},
    )  # fmt: skip
    return version


@transaction.atomic
def note_read(version_id: int, *, actor: Actor, on: date) -> Reading:
    """Note that the actor has read a version; a second time changes nothing (4.2).

    Raises NotFound; NotAllowed without an account; Refusal for a version that no longer holds.
    """
    version = Version.objects.select_for_update().select_related("document").filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("没有这个版本。"))
    document = permissions.document(actor, version.document)
    account = Account.objects.select_related("office").filter(pk=actor.account_id or 0).first()
    if account is None:
        raise NotAllowed(_("阅知须由本人的账号办理。"), clauses=("4.2",))
    found = Reading.objects.filter(version=version, account=account).first()
    if found is not None:
        return found
    if version.valid_to is not None and version.valid_to <= on:
        raise Refusal(_("这个版本已废止，请阅读现行版本。"), clauses=CLAUSES)
    reading = Reading.objects.create(
        version=version, account=account, name=account.name, office_name=account.office.name, read_on=on
    )
    evidence.record(
        events.READ, Ref("institution_reading", reading.pk), actor=actor, on=on, after=queries.document_of(reading),
        facts={"title": document.title, "number": version.number},
    )  # fmt: skip
    return reading
