"""What operators report of a period (经营数据申报), and the bureau's answer: a share becomes due (2.4.2a)."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import events, permissions, schedule
from mingchan.lifecycle.operation.choices import BINDING, DueKind, ReportStatus, ShareOf
from mingchan.lifecycle.operation.drafts import PaperDraft
from mingchan.lifecycle.operation.models import Charge, Contract, Edition, Report
from mingchan.lifecycle.operation.queries import reports as reading
from mingchan.lifecycle.operation.queries.documents import document
from mingchan.lifecycle.operation.services import keeping

CLAUSES = ("2.4.2a",)


@transaction.atomic
def report(
    contract_id: int,
    starts_on: date,
    *,
    turnover_fen: int,
    profit_fen: int,
    note: str = "",
    paper: PaperDraft | None = None,
    actor: Actor,
    on: date,
) -> Report:
    """Report turnover and profit of one period of the contract's sharing, with its proof.

    By the operator's own account or by the bureau's for it. Raises Refusal for a day that begins no period, a period
    that isn't over, one reported already, a negative turnover; NotFound for another's contract. Serves 2.4.2a, 1.2b.
    """
    contract = keeping.locked(contract_id, permissions.REPORT, *BINDING, actor=actor)
    found = dict(reading.periods_of(contract))
    last_day = found.get(starts_on)
    if last_day is None:
        raise Refusal(_("请选择合同的申报期"), clauses=CLAUSES, field="starts_on")
    if last_day >= on:
        raise Refusal(_("申报期尚未结束"), clauses=CLAUSES, field="starts_on")
    if turnover_fen < 0:
        raise Refusal(_("营业额不能为负"), clauses=CLAUSES, field="turnover")
    kept = keeping.keep_paper(
        paper,
        Ref("contract", contract.pk),
        contract.division_code,
        kind=AttachmentKind.OTHER,
        actor=_attaching(actor, contract),
        on=on,
    )
    try:
        with transaction.atomic():
            made = Report.objects.create(
                county=contract.county,
                contract=contract,
                starts_on=starts_on,
                last_day=last_day,
                turnover_fen=turnover_fen,
                profit_fen=profit_fen,
                note=note.strip()[:300],
                paper=keeping.reference(kept),
                reported_on=on,
                reported_by=actor.name,
            )
    except IntegrityError as error:
        raise Refusal(_("这一期已经申报，被退回后才能重新申报"), clauses=CLAUSES, field="starts_on") from error
    keeping.note(
        made, events.REPORTED, division=contract.division_code, actor=actor, on=on,
        facts={"number": contract.number, "period": _period(made)},
    )  # fmt: skip
    return made


def _attaching(actor: Actor, contract: Contract) -> Actor:
    """An operator's account attaches the proof of its own report, and nothing else anywhere."""
    if actor.may("paper.attach", contract.division_code):
        return actor
    return permissions.with_attaching(actor, contract.division_code)


def _period(row: Report) -> str:
    return f"{row.starts_on.isoformat()}—{row.last_day.isoformat()}"


@transaction.atomic
def answer(report_id: int, *, accept: bool, text: str = "", actor: Actor, on: date) -> Report:
    """Accept a report, from which the lessor's share becomes due, or return it with what is wrong (2.4.2a).

    Raises NotFound out of reach, NotAllowed without `contract.draft`, Refusal when it was answered already, or is
    returned without a word.
    """
    row = Report.objects.select_for_update(of=("self",)).filter(pk=report_id, county=actor.county).first()
    contract = Contract.objects.select_for_update().filter(pk=row.contract_id).first() if row is not None else None
    if row is None or contract is None or not permissions.may(actor, permissions.VIEW, contract):
        raise NotFound(_("没有这份申报"))
    if not actor.may(permissions.DRAFT, contract.division_code):
        raise NotAllowed(_("没有审核经营数据的权限"), clauses=CLAUSES)
    if row.status != ReportStatus.SENT:
        raise Refusal(_("这份申报已经审核"), clauses=CLAUSES)
    if not accept and not text.strip():
        raise Refusal(_("退回时请写明原因"), clauses=CLAUSES, field="answer")
    changes = {
        "status": ReportStatus.ACCEPTED if accept else ReportStatus.RETURNED,
        "answered_on": on,
        "answered_by": actor.name,
        "answer": text.strip()[:300],
    }
    facts = {"number": contract.number, "period": _period(row)}
    kind = events.ACCEPTED if accept else events.REPORT_RETURNED
    where = contract.division_code
    keeping.save(row, changes, kind, division=where, before=document(row), actor=actor, on=on, facts=facts)
    if accept:
        _share(contract, row, actor=actor, on=on)
    return row


def _share(contract: Contract, row: Report, *, actor: Actor, on: date) -> None:
    edition = reading.edition_on(contract, row.starts_on)
    fen = share_fen(edition, row)
    if not fen:
        return
    before = document(contract)
    Charge.objects.create(
        county=contract.county,
        contract=contract,
        edition=edition.number,
        key=schedule.key_of("SHARE", row.starts_on, edition.number),
        kind=DueKind.SHARE,
        starts_on=row.starts_on,
        last_day=row.last_day,
        due_on=date.fromordinal(max(on, row.last_day).toordinal() + edition.due_days),
        fen=fen,
        made_on=on,
    )
    keeping.save(
        contract, {}, events.ACCEPTED, division=contract.division_code, before=before, actor=actor, on=on,
        facts={"number": contract.number, "period": _period(row)},
    )  # fmt: skip


def share_fen(edition: Edition, row: Report) -> int:
    """The lessor's share of what was reported, by the terms of the period."""
    base = {ShareOf.TURNOVER.value: row.turnover_fen, ShareOf.PROFIT.value: row.profit_fen}.get(edition.share_of, 0)
    return schedule.share(base, edition.share_bp)
