"""Insurance of high-risk contracts (商业保险, 2.4.2e): policies with their term, claims and what came of them."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import events, permissions
from mingchan.lifecycle.operation.choices import BINDING, ClaimStatus, Status
from mingchan.lifecycle.operation.drafts import InsuranceDraft, PaperDraft
from mingchan.lifecycle.operation.models import Claim, Contract, Insurance, Insured
from mingchan.lifecycle.operation.queries.documents import document
from mingchan.lifecycle.operation.services import keeping

CLAUSES = ("2.4.2e",)


@transaction.atomic
def insure(
    contract_id: int,
    draft: InsuranceDraft,
    *,
    paper: PaperDraft | None = None,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Insurance:
    """Note a policy for a contract, over all its assets or some. Raises Refusal for an incomplete policy, one noted
    already, days in the wrong order or assets outside the contract. Serves 2.4.2e."""
    contract = keeping.locked(contract_id, permissions.INSURE, Status.DRAFT, Status.PROCEDURE, *BINDING, actor=actor)
    if not draft.insurer.strip() or not draft.number.strip() or not draft.cover.strip() or draft.sum_fen <= 0:
        raise Refusal(_("请填写保险人、保单号、险种和保险金额"), clauses=CLAUSES, field="insurer")
    if draft.last_day < draft.starts_on:
        raise Refusal(_("终保日不能早于起保日"), clauses=CLAUSES, field="last_day")
    if set(draft.asset_ids) - set(keeping.asset_ids(contract)):
        raise Refusal(_("被保资产应属于本合同"), clauses=CLAUSES, field="assets")
    kept = keeping.keep_paper(
        paper, Ref("contract", contract.pk), contract.division_code, kind=AttachmentKind.OTHER, actor=actor, on=on
    )
    try:
        with transaction.atomic():
            made = Insurance.objects.create(
                county=contract.county,
                contract=contract,
                insurer=draft.insurer.strip()[:120],
                number=draft.number.strip()[:60],
                cover=draft.cover.strip()[:60],
                sum_fen=draft.sum_fen,
                premium_fen=draft.premium_fen,
                starts_on=draft.starts_on,
                last_day=draft.last_day,
                paper=keeping.reference(kept),
                noted_on=on,
                noted_by=actor.name,
                is_sample=is_sample,
            )
    except IntegrityError as error:
        raise Refusal(_("这份保险单已经登记"), clauses=CLAUSES, field="number") from error
    Insured.objects.bulk_create(Insured(insurance=made, asset_id=key) for key in sorted(set(draft.asset_ids)))
    keeping.note(
        made, events.INSURED, division=contract.division_code, actor=actor, on=on,
        facts={"insurer": made.insurer, "policy": made.number},
    )  # fmt: skip
    return made


def _own(insurance_id: int, actor: Actor) -> tuple[Insurance, Contract]:
    row = Insurance.objects.select_for_update(of=("self",)).filter(pk=insurance_id, county=actor.county).first()
    if row is None:
        raise NotFound(_("没有这份保险单"))
    return row, keeping.locked(row.contract_id, permissions.INSURE, actor=actor)


@transaction.atomic
def end_insurance(insurance_id: int, *, reason: str, actor: Actor, on: date) -> Insurance:
    """Note that a policy ended before its day (退保). Raises Refusal without a reason or when it is over."""
    row, contract = _own(insurance_id, actor)
    if row.ended_on is not None or row.last_day < on:
        raise Refusal(_("这份保险单已经终止"), clauses=CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写退保原因"), clauses=CLAUSES, field="reason")
    keeping.save(
        row, {"ended_on": on}, events.INSURANCE_ENDED, division=contract.division_code, before=document(row),
        actor=actor, on=on, reason=reason.strip(), facts={"insurer": row.insurer, "policy": row.number},
    )  # fmt: skip
    return row


@transaction.atomic
def claim(insurance_id: int, *, happened_on: date, event: str, claimed_fen: int, actor: Actor, on: date) -> Claim:
    """Note a loss that is claimed under a policy. Raises Refusal for a day outside its term, no event or sum."""
    row, contract = _own(insurance_id, actor)
    if not row.starts_on <= happened_on <= min(row.last_day, row.ended_on or row.last_day) or happened_on > on:
        raise Refusal(_("出险日期应在保险期间内，且不晚于今天"), clauses=CLAUSES, field="happened_on")
    if not event.strip() or claimed_fen <= 0:
        raise Refusal(_("请填写出险经过和报损金额"), clauses=CLAUSES, field="event")
    made = Claim.objects.create(
        county=row.county,
        insurance=row,
        happened_on=happened_on,
        event=event.strip()[:300],
        claimed_fen=claimed_fen,
        noted_on=on,
        noted_by=actor.name,
    )
    keeping.note(made, events.CLAIMED, division=contract.division_code, actor=actor, on=on, facts={"event": made.event})
    return made


@transaction.atomic
def close_claim(claim_id: int, *, paid_fen: int, actor: Actor, on: date) -> Claim:
    """Note what a claim came to: so much was paid, or nothing. Raises Refusal for more than was claimed."""
    row = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id, county=actor.county).first()
    if row is None:
        raise NotFound(_("没有这项理赔"))
    _insurance, contract = _own(row.insurance_id, actor)
    if row.status != ClaimStatus.OPEN:
        raise Refusal(_("理赔已经结案"), clauses=CLAUSES)
    if not 0 <= paid_fen <= row.claimed_fen:
        raise Refusal(_("赔付金额不能为负，也不能超过报损金额"), clauses=CLAUSES, field="paid")
    status = ClaimStatus.PAID if paid_fen else ClaimStatus.REFUSED
    with translation.override("zh-hans"):
        outcome = str(status.label)
    keeping.save(
        row, {"status": status, "paid_fen": paid_fen, "answered_on": on}, events.CLAIM_CLOSED,
        division=contract.division_code, before=document(row), actor=actor, on=on,
        facts={"event": row.event, "outcome": outcome},
    )  # fmt: skip
    return row
