"""A contract's life (合同履行): it begins and expires on its days, or ends early with a settlement (2.4.2a, 4.2)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import events, permissions, schedule
from mingchan.lifecycle.operation.choices import LIVE, DueKind, EditionStatus, Status
from mingchan.lifecycle.operation.drafts import PaperDraft, ReturnDraft
from mingchan.lifecycle.operation.models import Charge, Contract, Covered, Edition, Settlement
from mingchan.lifecycle.operation.queries.documents import document
from mingchan.lifecycle.operation.services import keeping, moding
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.choices import Status as CardStatus
from mingchan.register.assets.drafts import MoveDraft, ShareDraft
from mingchan.register.assets.models import Asset


def begin_if_due(contract: Contract, *, actor: Actor, on: date) -> bool:
    """Begin a signed contract whose first day has come: its operator gets the right to operate for the term.

    The change of operator is what the contract's case allowed (2.4.2b); it counts from the day it is carried out.
    """
    if contract.status != Status.SIGNED or contract.starts_on is None or contract.starts_on > on:
        return False
    actor = permissions.with_case(actor)
    edition = Edition.objects.get(contract=contract, number=contract.edition)
    assert edition.case_id is not None
    ids = _present(contract)
    operated = set(
        Asset.objects.filter(pk__in=one_of(ids, "bigint"), operator=contract.operator_id).values_list("pk", flat=True)
    )
    others = [key for key in ids if key not in operated]
    if others:
        assets.permit(others, contract.operator_id, edition.case_id, actor=actor, on=on)
        assets.move(
            others,
            MoveDraft(holders={RightKind.OPERATION: (ShareDraft(contract.operator_id),)}),
            kind=events.OPERATES,
            right=permissions.BY_CASE,
            basis=contract.number,
            source=Ref("contract", contract.pk),
            document=edition.signed_paper,
            actor=actor,
            on=on,
        )
    moding.begin(ids, edition.mode, edition.case_id, actor=actor, on=on)
    keeping.save(
        contract, {"status": Status.RUNNING}, events.BEGUN, division=contract.division_code,
        before=document(contract), actor=actor, on=on, facts={"number": contract.number},
    )  # fmt: skip
    return True


def _present(contract: Contract) -> list[int]:
    """The contract's assets that still count in the register."""
    covered = Covered.objects.filter(contract=contract, asset__status=CardStatus.ACTIVE)
    return list(covered.order_by("asset_id").values_list("asset_id", flat=True))


@transaction.atomic
def begin(contract_id: int, *, actor: Actor, on: date) -> Contract:
    """Begin a signed contract on or after its first day by hand. Raises Refusal before it. Serves 2.4.2a."""
    contract = keeping.locked(contract_id, permissions.SIGN, Status.SIGNED, actor=actor)
    if not begin_if_due(contract, actor=actor, on=on):
        raise Refusal(_("合同起始日未到"), clauses=("2.4.2a",))
    return contract


def by_the_clock(county: str, *, on: date) -> int:
    """Begin and end the contracts whose day has come, each in its own transaction; returns how many."""
    actor = permissions.by_the_clock(county)
    rows = Contract.objects.filter(county=county)
    starting = rows.filter(status=Status.SIGNED, starts_on__lte=on)
    ending = rows.filter(status=Status.RUNNING, last_day__lt=on)
    keys = [*starting.order_by("id").values_list("pk", flat=True), *ending.order_by("id").values_list("pk", flat=True)]
    count = 0
    for key in dict.fromkeys(keys):
        with transaction.atomic():
            contract = Contract.objects.select_for_update().get(pk=key)
            done = begin_if_due(contract, actor=actor, on=on)
            done = _expire_if_due(contract, actor=actor, on=on) or done
            count += done
    return count


def _expire_if_due(contract: Contract, *, actor: Actor, on: date) -> bool:
    if contract.status != Status.RUNNING or contract.last_day is None or contract.last_day >= on:
        return False
    _drop_open(contract, actor=actor, on=on)
    keeping.save(
        contract, {"status": Status.EXPIRED}, events.EXPIRED, division=contract.division_code,
        before=document(contract), actor=actor, on=on, facts={"number": contract.number},
    )  # fmt: skip
    _take_back(contract, actor=actor, on=on)
    return True


def _drop_open(contract: Contract, *, actor: Actor, on: date) -> None:
    """A drafted amendment of a contract that is over is given up; one being decided must be taken back first."""
    edition = Edition.objects.filter(contract=contract, status__in=keeping.OPEN).first()
    if edition is not None and edition.status == EditionStatus.DRAFT:
        keeping.save(
            edition, {"status": EditionStatus.DROPPED}, events.DROPPED, division=contract.division_code,
            before=document(edition), actor=actor, on=on, facts={"number": contract.number},
        )  # fmt: skip


def _take_back(contract: Contract, *, actor: Actor, on: date) -> None:
    """The operator's right ends with the contract, unless another contract of the same operator goes on."""
    actor = permissions.with_case(actor)
    edition = Edition.objects.get(contract=contract, number=contract.edition)
    assert edition.case_id is not None
    going_on = Covered.objects.filter(
        contract__status__in=LIVE, contract__operator=contract.operator_id, is_let=True,
        starts_on__lte=on + timedelta(days=1),
    ).exclude(contract=contract)  # fmt: skip
    rows = Asset.objects.filter(pk__in=one_of(_present(contract), "bigint"), operator=contract.operator_id)
    ids = list(rows.exclude(pk__in=going_on.values("asset")).order_by("pk").values_list("pk", flat=True))
    if not ids:
        return
    assets.permit(ids, None, edition.case_id, actor=actor, on=on)
    assets.move(
        ids,
        MoveDraft(holders={RightKind.OPERATION: ()}),
        kind=events.GIVEN_BACK,
        right=permissions.BY_CASE,
        basis=contract.number,
        source=Ref("contract", contract.pk),
        actor=actor,
        on=on,
    )
    moding.end(ids, actor=actor, on=on)


@transaction.atomic
def end(
    contract_id: int,
    *,
    reason: str,
    deposit_back_fen: int = 0,
    deposit_kept_fen: int = 0,
    owed_fen: int = 0,
    note: str = "",
    returns: Sequence[ReturnDraft] = (),
    paper: PaperDraft | None = None,
    version: int,
    actor: Actor,
    on: date,
) -> Contract:
    """End a contract early on `on`, its last day (提前终止): rent by days, the deposit settled, assets given back.

    Raises Refusal without a reason, when the deposit isn't settled to the fen, or while an amendment is being decided;
    NotAllowed without `contract.sign`; Stale. Serves 2.4.2a, 2.4.2b.
    """
    contract = keeping.locked(contract_id, permissions.SIGN, *LIVE, actor=actor, version=version)
    if not reason.strip():
        raise Refusal(_("请填写终止原因"), clauses=("2.4.2b",), field="reason")
    if Edition.objects.filter(contract=contract, status=EditionStatus.PROCEDURE).exists():
        raise Refusal(_("合同变更正在办理审批，请先撤回事项"), clauses=("2.4.2c",))
    if contract.last_day is not None and on > contract.last_day:
        raise Refusal(_("合同已经届满"), clauses=("2.4.2a",))
    deposit = _deposit(contract)
    if min(deposit_back_fen, deposit_kept_fen, owed_fen) < 0 or deposit_back_fen + deposit_kept_fen != deposit:
        raise Refusal(_("退还与扣留的保证金之和应等于约定的保证金"), clauses=("2.4.2a",), field="deposit_back")
    before = document(contract)
    _drop_open(contract, actor=actor, on=on)
    _cut(contract, on)
    if owed_fen:
        _owe(contract, "SETTLEMENT", owed_fen, on)
    begun = contract.starts_on is not None and contract.starts_on <= on
    covered = Covered.objects.filter(contract=contract)
    if begun:
        covered.update(last_day=Least(F("last_day"), on))
    else:
        covered.update(is_let=False)
    _check_off(contract, returns, on)
    was_running = contract.status == Status.RUNNING
    keeping.save(
        contract,
        {"status": Status.ENDED, "ended_on": on, "end_reason": reason.strip()[:300]},
        events.ENDED,
        division=contract.division_code,
        before=before,
        actor=actor,
        on=on,
        reason=reason.strip(),
        facts={"number": contract.number},
    )
    kept = keeping.keep_paper(
        paper, Ref("contract", contract.pk), contract.division_code, kind=AttachmentKind.CONTRACT, actor=actor, on=on
    )
    settlement = Settlement.objects.create(
        contract=contract,
        ended_on=on,
        deposit_back_fen=deposit_back_fen,
        deposit_kept_fen=deposit_kept_fen,
        owed_fen=owed_fen,
        note=note.strip()[:300],
        paper=keeping.reference(kept),
        settled_on=on,
        settled_by=actor.name,
    )
    keeping.note(
        settlement, events.SETTLED, division=contract.division_code, actor=actor, on=on,
        facts={"number": contract.number},
    )  # fmt: skip
    if was_running:
        _take_back(contract, actor=actor, on=on)
    return contract


def _deposit(contract: Contract) -> int:
    found = Charge.objects.filter(contract=contract, kind=DueKind.DEPOSIT, dropped_on__isnull=True)
    return sum(found.values_list("fen", flat=True))


def _cut(contract: Contract, on: date) -> None:
    """Drop what begins after the last day; of the period that is cut, the part by days stays, under another key."""
    rents = Charge.objects.filter(contract=contract, kind=DueKind.RENT, dropped_on__isnull=True)
    cut = list(rents.filter(starts_on__lte=on, last_day__gt=on))
    rents.filter(last_day__gt=on).update(dropped_on=on)
    for row in cut:
        days, whole = (on - row.starts_on).days + 1, (row.last_day - row.starts_on).days + 1
        fen = schedule.by_days(row.fen, days, whole)
        if fen:
            Charge.objects.create(
                county=row.county, contract=contract, edition=row.edition, key=f"{row.key}.E", kind=row.kind,
                starts_on=row.starts_on, last_day=on, due_on=min(row.due_on, on), fen=fen, made_on=on,
            )  # fmt: skip


def _owe(contract: Contract, key: str, fen: int, on: date) -> None:
    Charge.objects.create(
        county=contract.county, contract=contract, edition=contract.edition, key=key, kind=DueKind.OTHER, starts_on=on,
        last_day=on, due_on=on, fen=fen, made_on=on,
    )  # fmt: skip


def _check_off(contract: Contract, returns: Sequence[ReturnDraft], on: date) -> int:
    """Note the state in which assets were given back. Raises Refusal for one that isn't the contract's."""
    rows = {row.asset_id: row for row in Covered.objects.filter(contract=contract, returned_on__isnull=True)}
    unknown = [draft.asset for draft in returns if draft.asset not in rows]
    if unknown:
        raise Refusal(_("归还清单中有不属于本合同、或已归还的资产"), clauses=("2.4.2a",), field="returns")
    for draft in returns:
        row = rows[draft.asset]
        if not draft.condition.strip():
            raise Refusal(_("请填写每项归还资产的状况"), clauses=("2.4.2a",), field="returns")
        row.returned_on, row.condition, row.note = on, draft.condition.strip()[:20], draft.note.strip()[:200]
    Covered.objects.bulk_update(
        [rows[draft.asset] for draft in returns], ["returned_on", "condition", "note"], batch_size=500
    )
    return len(returns)


@transaction.atomic
def give_back(contract_id: int, returns: Sequence[ReturnDraft], *, actor: Actor, on: date) -> int:
    """Check off assets given back after a contract expired or ended, each with its state. Serves 2.4.2a, 2.4.1."""
    contract = keeping.locked(contract_id, permissions.SIGN, Status.EXPIRED, Status.ENDED, actor=actor)
    before = document(contract)
    count = _check_off(contract, returns, on)
    if not count:
        raise Refusal(_("请勾选归还的资产"), clauses=("2.4.2a",), field="returns")
    changes: dict[str, Any] = {}
    keeping.save(
        contract, changes, events.RETURNED, division=contract.division_code, before=before, actor=actor, on=on,
        facts={"number": contract.number, "count": count},
    )  # fmt: skip
    return count


def follow_split(thing: int, parts: Sequence[tuple[int, int]], reason: str, *, actor: Actor, on: date) -> None:
    """When a lot under a contract is split, its parts take its place, from the same day and in the same mode.

    Called by the register inside the split. Serves 2.2, 2.4.2a.
    """
    keys = [key for key, _fen in parts]
    rows = list(Covered.objects.select_related("contract").filter(asset=thing).order_by("id"))
    for row in rows:
        contract = row.contract
        if contract.status not in (*LIVE, Status.DRAFT, Status.PROCEDURE):
            continue
        before = document(contract)
        if row.is_let:
            assert row.starts_on is not None
            Covered.objects.filter(pk=row.pk).update(last_day=max(row.starts_on, on - timedelta(days=1)))
        else:
            Covered.objects.filter(pk=row.pk).delete()
        Covered.objects.bulk_create(
            Covered(contract=contract, asset_id=key, starts_on=row.starts_on, last_day=row.last_day, is_let=row.is_let)
            for key in keys
        )
        keeping.save(
            contract, {}, events.ASSETS_CHOSEN, division=contract.division_code, before=before, actor=actor, on=on,
            reason=reason, facts={"number": contract.number, "count": len(keys)},
        )  # fmt: skip
    moding.pass_on(thing, keys, actor=actor, on=on)
