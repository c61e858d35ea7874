"""Accountability (追责): a case opened, people named, loss found, transfer, the end; every step dated (3.4.2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel import crypto
from mingchan.kernel import identity as person_identity
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.money import format_yuan
from mingchan.kernel.refs import Ref
from mingchan.oversight.jointwork import events, permissions, rules
from mingchan.oversight.jointwork.choices import Act, CaseState, Receiver, Share, Violation
from mingchan.oversight.jointwork.drafts import CaseDraft, PaperDraft, PersonDraft, TransferDraft
from mingchan.oversight.jointwork.models import Case, CaseAsset, Person, Step, Transfer
from mingchan.oversight.jointwork.queries import cases
from mingchan.oversight.jointwork.queries.documents import document, kind_of
from mingchan.oversight.jointwork.services.numbering import next_serial
from mingchan.register.assets.models import Asset

CLAUSES = ("3.4.2",)
NAME, IDENTITY = "accountability.name", "accountability.identity"
MOST_ASSETS = 200
LEAST_WORDS = 4


@transaction.atomic
def open_case(draft: CaseDraft, *, actor: Actor, on: date, is_sample: bool = False) -> Case:
    """Open a case of one of the seven violations (3.4.2).

    Raises NotAllowed without `accountability.handle`; Refusal for an unknown violation or card, no words, a future day.
    """
    permissions.require(actor, permissions.HANDLE)
    if draft.violation not in Violation.values:
        raise Refusal(_("请选择方案列明的违规情形。"), clauses=CLAUSES, field="violation")
    if not draft.title.strip() or len(draft.text.strip()) < LEAST_WORDS:
        raise Refusal(_("请写明案由和情况。"), clauses=CLAUSES, field="text")
    if draft.happened_on > on:
        raise Refusal(_("发生日期不能晚于今天。"), clauses=CLAUSES, field="happened_on")
    wanted = list(dict.fromkeys(code.strip() for code in draft.asset_codes if code.strip()))
    if len(wanted) > MOST_ASSETS:
        raise Refusal(_("一个案件最多列 200 项资产。"), clauses=CLAUSES, field="assets")
    cards = list(Asset.objects.filter(county=actor.county, code__in=wanted).order_by("code"))
    if unknown := set(wanted) - {card.code for card in cards}:
        raise Refusal(
            _("没有资产编号 %(codes)s。") % {"codes": "、".join(sorted(unknown)[:5])}, clauses=CLAUSES, field="assets"
        )
    case = Case.objects.create(
        county=actor.county,
        number=rules.case_number(on.year, next_serial(actor.county, "case", on.year)),
        violation=draft.violation,
        title=draft.title.strip()[:120],
        text=draft.text.strip(),
        happened_on=draft.happened_on,
        opened_on=on,
        source_ref=draft.source_ref.strip()[:80],
        division_code=actor.county,
        is_sample=is_sample,
    )
    CaseAsset.objects.bulk_create(
        CaseAsset(case=case, asset=card, code=card.code, name=card.name, cost_fen=card.cost_fen) for card in cards
    )
    _step(case, Act.OPEN, case.title, actor, on)
    evidence.record(
        events.CASE_OPENED, Ref("accountability", case.pk), actor=actor, on=on, after=document(case),
        facts={"number": case.number, "violation": str(Violation(case.violation).label)},
    )  # fmt: skip
    return case


def locked(case_id: int, seen: int, act: Act, right: str, *, actor: Actor, on: date) -> tuple[Case, dict[str, Any]]:
    """The case under lock and its document before. Raises NotFound, NotAllowed, Stale, Refusal in the wrong order."""
    case = permissions.case(actor, Case.objects.select_for_update().filter(pk=case_id).first())
    permissions.require(actor, right)
    if case.version != seen:
        raise Stale(
            _("这个案件刚被他人办理，请核对后再操作。"),
            theirs={"state": case.get_state_display()},
            yours={"state": str(act.label)},
        )
    if act not in rules.acts(case.state, cases.balance(case), Person.objects.filter(case=case).count()):
        raise Refusal(_why_not(case, act), clauses=CLAUSES)
    last = Step.objects.filter(case=case).order_by("-number").values_list("on", flat=True).first()
    if last is not None and on < last:
        raise Refusal(_("办理日期不能早于上一步。"), clauses=CLAUSES)
    return case, document(case)


def _why_not(case: Case, act: Act) -> str:
    balance = cases.balance(case)
    if act == Act.CLOSE and case.state == CaseState.FOUND:
        if not Person.objects.filter(case=case).exists():
            return _("还没有认定责任人，不能办结。")
        if balance.unordered_fen:
            return _("认定损失中还有 %(fen)s 元没有责令赔偿，不能办结。") % {"fen": format_yuan(balance.unordered_fen)}
        if balance.owed_fen:
            return _("赔偿款还欠 %(fen)s 元，不能办结。") % {"fen": format_yuan(balance.owed_fen)}
    if act == Act.ORDER and case.state == CaseState.FOUND:
        return _("没有责任人，或损失已全部责令赔偿。")
    return _("案件现在是“%(state)s”，不能%(act)s。") % {"state": case.get_state_display(), "act": act.label}


def _step(case: Case, act: Act, text: str, actor: Actor, on: date) -> None:
    office = Account.objects.filter(pk=actor.account_id or 0).values_list("office__name", flat=True).first()
    Step.objects.create(
        case=case, number=Step.objects.filter(case=case).count() + 1, act=act, on=on, office_name=office or "",
        done_by=actor.name, text=text,
    )  # fmt: skip


def done(
    case: Case,
    before: Mapping[str, Any],
    act: Act,
    kind: EventKind,
    *,
    text: str,
    actor: Actor,
    on: date,
    facts: Mapping[str, Any] | None = None,
    row: models.Model | None = None,
) -> Case:
    """Write the step and the case's state, and record both; a new row of the case beside them is recorded first."""
    _step(case, act, text, actor, on)
    case.state = rules.state_after(act, case.state)
    case.version += 1
    case.save(force_update=True)
    known = {"number": case.number, **(facts or {})}
    if row is not None:
        evidence.record(
            kind, Ref(kind_of(row), row.pk), actor=actor, on=on, after=document(row), division=case.division_code,
            facts=known,
        )  # fmt: skip
    evidence.record(
        kind, Ref("accountability", case.pk), actor=actor, on=on, before=dict(before), after=document(case),
        division=case.division_code, reason=text, facts=known,
    )  # fmt: skip
    return case


def keep_paper(case: Case, paper: PaperDraft | None, *, actor: Actor, on: date) -> None:
    """Attach a paper to the case."""
    if paper is not None:
        evidence.attach(
            paper.content, name=paper.name, owner=Ref("accountability", case.pk), division=case.division_code,
            kind=AttachmentKind.APPROVAL, actor=actor, on=on,
        )  # fmt: skip


@transaction.atomic
def add_person(case_id: int, draft: PersonDraft, *, seen: int, actor: Actor, on: date) -> Person:
    """Name somebody responsible; name and identity number are kept encrypted (3.4.2, 1.2b).

    Raises NotFound, NotAllowed, Stale; Refusal without a name, or for a number that is none.
    """
    case, before = locked(case_id, seen, Act.ADD_PERSON, permissions.HANDLE, actor=actor, on=on)
    name, identity = draft.name.strip(), draft.identity.strip().upper()
    if not name:
        raise Refusal(_("请填写责任人姓名。"), clauses=CLAUSES, field="name")
    if draft.share not in Share.values:
        raise Refusal(_("请选择责任类型。"), clauses=CLAUSES, field="share")
    if identity and person_identity.fault(identity) is not None:
        raise Refusal(_("身份证号不对。"), clauses=CLAUSES, field="identity")
    person = Person.objects.create(
        case=case,
        number=Person.objects.filter(case=case).count() + 1,
        name_cipher=crypto.encrypt(name, context=NAME),
        name_mask=rules.masked(name),
        id_cipher=crypto.encrypt(identity, context=IDENTITY) if identity else None,
        id_mask=crypto.mask_id(identity) if identity else "",
        post=draft.post.strip()[:80],
        share=draft.share,
        named_on=on,
    )
    share = str(Share(draft.share).label)
    done(
        case, before, Act.ADD_PERSON, events.PERSON_NAMED, text=f"{person.name_mask}，{share}", actor=actor, on=on,
        facts={"share": share}, row=person,
    )  # fmt: skip
    return person


@transaction.atomic
def find_loss(case_id: int, loss_fen: int, text: str, *, seen: int, actor: Actor, on: date) -> Case:
    """Establish what happened and what was lost; a later finding counts instead, never below what was ordered (3.4.2).

    Raises NotFound, NotAllowed, Stale, Refusal.
    """
    case, before = locked(case_id, seen, Act.FIND, permissions.HANDLE, actor=actor, on=on)
    if len(text.strip()) < LEAST_WORDS:
        raise Refusal(_("请写明认定的事实。"), clauses=CLAUSES, field="text")
    if loss_fen < 0:
        raise Refusal(_("损失金额不能为负。"), clauses=CLAUSES, field="loss")
    if loss_fen < cases.balance(case).ordered_fen:
        raise Refusal(_("认定损失不能少于已责令赔偿的金额。"), clauses=CLAUSES, field="loss")
    case.loss_fen = loss_fen
    facts = {"loss": format_yuan(loss_fen)}
    return done(case, before, Act.FIND, events.LOSS_FOUND, text=text.strip(), actor=actor, on=on, facts=facts)


@transaction.atomic
def transfer(case_id: int, draft: TransferDraft, *, seen: int, actor: Actor, on: date) -> Transfer:
    """Hand the case to discipline or justice, with the paper; it goes on here (3.4.2).

    Raises NotFound, NotAllowed, Stale; Refusal without authority, document number or paper.
    """
    case, before = locked(case_id, seen, Act.TRANSFER, permissions.HANDLE, actor=actor, on=on)
    if draft.receiver not in Receiver.values or not draft.authority.strip():
        raise Refusal(_("请写明移送给哪个机关。"), clauses=CLAUSES, field="authority")
    if not draft.document_no.strip():
        raise Refusal(_("请填写移送文号。"), clauses=CLAUSES, field="document_no")
    keep_paper(case, draft.paper, actor=actor, on=on)
    made = Transfer.objects.create(
        case=case,
        number=Transfer.objects.filter(case=case).count() + 1,
        receiver=draft.receiver,
        authority=draft.authority.strip()[:80],
        document_no=draft.document_no.strip()[:60],
        transferred_on=on,
        text=draft.text.strip()[:300],
    )
    done(
        case, before, Act.TRANSFER, events.TRANSFERRED, text=f"{made.authority}，{made.document_no}", actor=actor,
        on=on, facts={"receiver": made.authority, "document": made.document_no}, row=made,
    )  # fmt: skip
    return made


@transaction.atomic
def drop(case_id: int, text: str, *, seen: int, actor: Actor, on: date) -> Case:
    """Decide that nobody is held to account, with the reason; only before a loss is found (3.4.2).

    Raises NotFound, NotAllowed, Stale, Refusal.
    """
    case, before = locked(case_id, seen, Act.DROP, permissions.HANDLE, actor=actor, on=on)
    if len(text.strip()) < LEAST_WORDS:
        raise Refusal(_("请写明不予追究的理由。"), clauses=CLAUSES, field="text")
    case.closed_on = on
    return done(case, before, Act.DROP, events.CASE_DROPPED, text=text.strip(), actor=actor, on=on)
