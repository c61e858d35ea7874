"""A contract on its way through its procedure (办理合同): submitted, revised, signed, and what follows at the end.

The four gates of 2.4.2c are the case's own steps: minutes and vote, approval with its number, notice, signed agreement.
"""

from datetime import date
from hashlib import sha256
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.choices import TaskStatus
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import events, permissions, rules, schedule
from mingchan.lifecycle.operation.choices import BINDING, LIVE, DueKind, EditionStatus, Every, ShareOf, Status
from mingchan.lifecycle.operation.drafts import PaperDraft, TermsDraft
from mingchan.lifecycle.operation.models import Charge, Contract, Covered, Edition
from mingchan.lifecycle.operation.queries import packs
from mingchan.lifecycle.operation.queries.documents import document
from mingchan.lifecycle.operation.services import drafting, keeping, living, moding
from mingchan.register.assets.models import Asset

CODE = "contract"
SIGNING = "signing"
SHOWN = 3


@transaction.atomic
def submit(contract_id: int, version: int, *, actor: Actor, on: date) -> Case:
    """Bring the open version into its procedure; from here on its terms change by a revision only.

    Raises Refusal naming the missing part, or assets that another contract lets on these days; Stale; NotAllowed.
    Serves 2.4.2a, 2.4.2b, 2.4.2c.
    """
    contract = keeping.locked(contract_id, permissions.DRAFT, Status.DRAFT, *LIVE, actor=actor, version=version)
    edition = keeping.open_edition(contract)
    if edition.status != EditionStatus.DRAFT:
        raise Refusal(_("合同正在办理审批"), clauses=("2.4.2c",))
    _ready(contract, edition)
    case = procedures.start(
        CODE,
        title=_title(contract, edition),
        text=summary(contract, edition),
        subject=Ref("contract", contract.pk),
        facts=_facts(contract, edition),
        interested=(contract.operator_id,),
        subject_digest=digest_of(contract, edition),
        division=contract.division_code,
        right=permissions.DRAFT,
        is_sample=contract.is_sample,
        actor=actor,
        on=on,
    )
    words = {"number": contract.number}
    where = contract.division_code
    keeping.save(
        edition, {"status": EditionStatus.PROCEDURE, "case": case}, events.SUBMITTED, division=where,
        before=document(edition), actor=actor, on=on, facts=words,
    )  # fmt: skip
    changes = {"status": Status.PROCEDURE} if contract.status == Status.DRAFT else {}
    keeping.save(
        contract, changes, events.SUBMITTED, division=where, before=document(contract), actor=actor, on=on, facts=words
    )
    return case


def _ready(contract: Contract, edition: Edition) -> None:
    keeping.must_be_whole(contract, edition)
    clash = clashes(contract, edition)
    if clash:
        shown = "；".join(f"{code}（{number}）" for code, number in clash[:SHOWN])
        raise Refusal(
            _("下列资产在合同期内已有其他经营合同：%(cards)s") % {"cards": shown}, clauses=("2.4.2a",), field="assets"
        )


def clashes(contract: Contract, edition: Edition) -> list[tuple[str, str]]:
    """Assets of the contract that another one lets within the version's term: card's number and contract's number."""
    if edition.starts_on is None or edition.last_day is None:
        return []
    rows = Covered.objects.filter(
        asset__in=one_of(keeping.asset_ids(contract), "bigint"),
        is_let=True,
        starts_on__lte=edition.last_day,
        last_day__gte=edition.starts_on,
    )
    return list(rows.exclude(contract=contract).order_by("asset_id").values_list("asset__code", "contract__number"))


def digest_of(contract: Contract, edition: Edition) -> str:
    """The digest of what is judged and signed: sides, terms, assets."""
    terms = {name: getattr(edition, name) for name in keeping.TERMS}
    parts = {
        "contract": contract.number,
        "edition": edition.number,
        "effective_on": edition.effective_on,
        "sides": [contract.lessor_id, contract.operator_id],
        "terms": terms,
        "assets": keeping.asset_ids(contract),
    }
    return sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _title(contract: Contract, edition: Edition) -> str:
    with translation.override("zh-hans"):
        words = _("签订经营合同：%(title)s") if edition.number == 1 else _("变更经营合同：%(title)s")
        return words % {"title": contract.title}


def _facts(contract: Contract, edition: Edition) -> dict[str, Any]:
    return {
        "mode_settled": "YES" if moding.is_settled(keeping.asset_ids(contract), edition.mode) else "NO",
        "mode": edition.mode,
        "value_fen": contract.value_fen,
        "risk": contract.grade,
        "edition": edition.number,
    }


def summary(contract: Contract, edition: Edition) -> str:
    """The version in a few lines, in the words of the contract."""
    with translation.override("zh-hans"):
        lines = [
            _("合同编号：%(number)s（第 %(edition)s 版）") % {"number": contract.number, "edition": edition.number},
            _("经营者：%(name)s") % {"name": contract.operator.name},
            _("经营方式：%(mode)s") % {"mode": packs.modes()[edition.mode].name},
            _("期限：%(start)s 至 %(end)s") % {"start": edition.starts_on, "end": edition.last_day},
            _("收益：%(income)s") % {"income": income_words(keeping.terms_of(edition))},
            _("资产：%(count)s 项，原值 %(value)s 元")
            % {"count": len(keeping.asset_ids(contract)), "value": money.format_yuan(contract.value_fen)},
            _("风险防控：%(measures)s") % {"measures": edition.measures},
        ]
        if edition.reason:
            lines.append(_("变更原因：%(reason)s") % {"reason": edition.reason})
        return "\n".join(lines)


def income_words(given: TermsDraft | Edition) -> str:
    """The sharing of income in one sentence, of a draft or a version."""
    terms = keeping.terms_of(given) if isinstance(given, Edition) else given
    parts = []
    if terms.yearly_fen:
        parts.append(
            _("年固定收益 %(amount)s 元，%(every)s缴付")
            % {"amount": money.format_yuan(terms.yearly_fen), "every": Every(terms.every).label}
        )
    if terms.free_months:
        parts.append(_("前 %(count)s 个月免收") % {"count": terms.free_months})
    parts += [
        _("自第 %(month)s 个月起年 %(amount)s 元")
        % {"month": step.from_month, "amount": money.format_yuan(step.yearly_fen)}
        for step in terms.steps
    ]
    if terms.share_bp:
        whole, rest = divmod(terms.share_bp, 100)
        share = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
        parts.append(
            _("%(of)s分成 %(share)s%%，%(every)s结算")
            % {"of": ShareOf(terms.share_of).label, "share": share, "every": Every(terms.share_every).label}
        )
    if terms.deposit_fen:
        parts.append(_("保证金 %(amount)s 元") % {"amount": money.format_yuan(terms.deposit_fen)})
    if terms.income_note.strip():
        parts.append(terms.income_note.strip())
    return "；".join(parts)


@transaction.atomic
def revise(contract_id: int, terms: TermsDraft, *, reason: str, version: int, actor: Actor, on: date) -> Case:
    """Change the terms while the procedure runs: the case gets the new file and begins its way anew.

    Only who submitted it may, before it is signed. Raises as `submit`. Serves 2.4.2c.
    """
    contract = keeping.locked(contract_id, permissions.DRAFT, Status.PROCEDURE, *LIVE, actor=actor, version=version)
    edition = keeping.open_edition(contract)
    if edition.status != EditionStatus.PROCEDURE or edition.signed_on is not None:
        raise Refusal(_("合同不在可以修改的环节"), clauses=("2.4.2c",))
    drafting.put_terms(contract, edition, terms, actor=actor, on=on)
    _ready(contract, edition)
    assert edition.case_id is not None
    case = Case.objects.get(pk=edition.case_id)
    return procedures.amend(
        case.pk,
        reason=reason,
        version=case.version,
        text=summary(contract, edition),
        facts=_facts(contract, edition),
        subject_digest=digest_of(contract, edition),
        actor=actor,
        on=on,
    )


@transaction.atomic
def sign(contract_id: int, paper: PaperDraft | None, *, version: int, actor: Actor, on: date) -> Contract:
    """Note that both sides signed (签订): the signed copy is kept with its digest, and the case goes on to be filed.

    Raises Refusal unless the case waits for it, without the signed copy, or when terms or assets are no longer those
    that were decided. Serves 2.4.2a, 2.4.2c.
    """
    contract = keeping.locked(contract_id, permissions.SIGN, actor=actor, version=version)
    edition = keeping.open_edition(contract)
    if edition.case_id is None or not waits_for_signing(edition.case_id):
        raise Refusal(_("合同还不能签订：须先经民主决策、上级审批并公示期满无异议"), clauses=("2.4.2c",))
    if paper is None:
        raise Refusal(_("请上传双方签字盖章的合同文本"), clauses=("2.4.2c",), field="paper")
    case = Case.objects.get(pk=edition.case_id)
    if case.subject_digest != digest_of(contract, edition):
        raise Refusal(_("合同内容与审批通过的不一致，须重新提交审批"), clauses=("2.4.2c",))
    _ready(contract, edition)
    kept = keeping.keep_paper(
        paper,
        Ref("contract", contract.pk),
        contract.division_code,
        kind=AttachmentKind.CONTRACT,
        actor=actor,
        on=on,
    )
    assert kept is not None
    keeping.save(
        edition,
        {"signed_on": on, "signed_paper": keeping.reference(kept), "paper_digest": kept.sha256},
        events.SIGNED,
        division=contract.division_code,
        before=document(edition),
        actor=actor,
        on=on,
        facts={"number": contract.number},
    )
    procedures.signal(case.pk, SIGNING, actor=actor, on=on)
    contract.refresh_from_db()
    return contract


def waits_for_signing(case_id: int) -> bool:
    """Whether the case has passed its notice and waits for the signatures."""
    return Task.objects.filter(case=case_id, status=TaskStatus.WAITING, waits=SIGNING).exists()


def on_approved(case: Case, actor: Actor, on: date) -> None:
    """The case ended in the affirmative: the terms count, the assets are let, dues are made; on its day it begins.

    Raises Refusal when an asset was let to another meanwhile. Serves 2.4.2a, 2.4.2b.
    """
    found = _of_case(case)
    if found is None:
        return
    contract, edition = found
    if edition.signed_on is None:
        raise Refusal(_("合同尚未签订，不能办结"), clauses=("2.4.2c",))
    words = {"number": contract.number, "edition": edition.number}
    where = contract.division_code
    first = contract.status not in BINDING
    before, edition_before = document(contract), document(edition)
    start = edition.starts_on if edition.effective_on is None else edition.effective_on
    keeping.save(
        edition, {"status": EditionStatus.AGREED, "effective_on": start}, events.AGREED, division=where,
        before=edition_before, actor=actor, on=on, facts=words,
    )  # fmt: skip
    changes: dict[str, Any] = {
        "edition": edition.number, "mode": edition.mode, "last_day": edition.last_day,
    }  # fmt: skip
    if first:
        changes |= {"status": Status.SIGNED, "starts_on": edition.starts_on, "signed_on": edition.signed_on}
    Contract.objects.filter(pk=contract.pk).update(**changes)
    _let(contract, edition)
    _charge(contract, edition, first=first, on=on)
    keeping.save(contract, changes, events.AGREED, division=where, before=before, actor=actor, on=on, facts=words)
    if contract.status == Status.RUNNING:
        moding.begin(keeping.asset_ids(contract), edition.mode, case.pk, actor=actor, on=on)
    else:
        living.begin_if_due(contract, actor=actor, on=on)


def _let(contract: Contract, edition: Edition) -> None:
    """Let the assets for the term, the database looking for another contract on these days."""
    rows = Covered.objects.filter(contract=contract)
    list(Asset.objects.select_for_update().filter(pk__in=rows.values("asset")).order_by("pk").values_list("pk"))
    try:
        with transaction.atomic():
            rows.update(starts_on=edition.starts_on, last_day=edition.last_day, is_let=True)
    except IntegrityError as error:
        if "let twice" not in str(error):
            raise
        _ready(contract, edition)
        raise Refusal(_("所列资产在合同期内已有其他经营合同"), clauses=("2.4.2a",)) from error


def _charge(contract: Contract, edition: Edition, *, first: bool, on: date) -> None:
    """Make what the version owes; of a former version, what begins from the new one's day on is dropped."""
    terms = keeping.terms_of(edition)
    start = edition.effective_on
    assert start is not None
    assert edition.starts_on is not None
    assert edition.last_day is not None
    if not first:
        later = Charge.objects.filter(contract=contract, dropped_on__isnull=True, kind=DueKind.RENT)
        later.filter(starts_on__gte=start).update(dropped_on=on)
    rows = [
        (schedule.key_of("RENT", period.starts_on, edition.number), DueKind.RENT, *period)
        for period in schedule.rent(rules.schedule_of(terms))
        if period.starts_on >= start
    ]
    if first and terms.deposit_fen:
        rows.insert(
            0,
            ("DEPOSIT", DueKind.DEPOSIT, edition.starts_on, edition.last_day, edition.starts_on, terms.deposit_fen),
        )
    Charge.objects.bulk_create(
        Charge(
            county=contract.county, contract=contract, edition=edition.number, key=key, kind=kind, starts_on=begins,
            last_day=ends, due_on=due, fen=fen, made_on=on,
        )
        for key, kind, begins, ends, due, fen in rows
    )  # fmt: skip


def on_rejected(case: Case, actor: Actor, on: date) -> None:
    """The case was refused or taken back: the version is a draft again, or is given up when it was signed already."""
    found = _of_case(case)
    if found is None:
        return
    contract, edition = found
    words = {"number": contract.number}
    where = contract.division_code
    keeping.save(
        edition, {"status": EditionStatus.DROPPED}, events.SENT_BACK, division=where, before=document(edition),
        actor=actor, on=on, facts=words,
    )  # fmt: skip
    if contract.status != Status.PROCEDURE:
        return
    again = Edition(
        county=contract.county, contract=contract, number=edition.number + 1, drafted_on=on, drafted_by=actor.name
    )
    keeping.fill(again, keeping.terms_of(edition))
    again.save(force_insert=True)
    keeping.note(again, events.SENT_BACK, division=where, actor=actor, on=on, facts=words)
    keeping.save(
        contract, {"status": Status.DRAFT, "edition": again.number}, events.SENT_BACK, division=where,
        before=document(contract), actor=actor, on=on, facts=words,
    )  # fmt: skip


def _of_case(case: Case) -> tuple[Contract, Edition] | None:
    """The contract and version that a case is about, locked; None for a case begun without one."""
    edition = Edition.objects.filter(case=case).first()
    if edition is None:
        return None
    contract = Contract.objects.select_for_update().get(pk=edition.contract_id)
    return contract, edition
