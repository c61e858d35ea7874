"""Differences end in decisions (差异处理): a card moved or put right, a thing taken up, a loss proposed (3.4.1)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import protection
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import VoucherDraft
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import services as disposal
from mingchan.lifecycle.disposal.choices import DisposalKind
from mingchan.lifecycle.disposal.drafts import ProposalDraft
from mingchan.lifecycle.stocktake import events, permissions, postings
from mingchan.lifecycle.stocktake.choices import DECISIONS, Decision, DifferenceKind, DifferenceState, PlanState
from mingchan.lifecycle.stocktake.drafts import SettleDraft
from mingchan.lifecycle.stocktake.models import Assignment, Difference, Plan, Task
from mingchan.lifecycle.stocktake.queries.documents import DIFFERENCE
from mingchan.lifecycle.stocktake.services import keeping
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import System, Tier
from mingchan.register.assets.drafts import CardDraft, MoveDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services.books import book_of

CLAUSES = keeping.CLAUSES
SURPLUS_WAY = "盘盈"
"""How a card says that the thing was found at a stocktake (取得方式)."""


class _Act(NamedTuple):
    """A decision being carried out."""

    plan: Plan
    row: Difference
    given: SettleDraft
    actor: Actor
    on: date

    @property
    def source(self) -> Ref:
        """What cards and vouchers name as their source."""
        return Ref("stocktake_difference", self.row.pk)


def _held(difference_id: int, actor: Actor) -> tuple[Plan, Difference]:
    """The difference with its plan, both under lock. Raises NotFound out of sight."""
    key = Difference.objects.filter(pk=difference_id).values_list("plan_id", flat=True).first()
    if key is None:
        raise NotFound(_("没有这项盘点差异"))
    plan = keeping.locked(key, actor)
    row = Difference.objects.select_for_update(of=("self",)).select_related("task", "asset").get(pk=difference_id)
    return plan, row


@transaction.atomic
def explain(difference_id: int, text: str, *, version: int, actor: Actor, on: date) -> Difference:
    """The keeper says how it came (保管人说明). Raises Refusal once it is decided, NotAllowed, Stale. Serves 2.6.1b."""
    plan, row = _held(difference_id, actor)
    if not actor.may(permissions.EXPLAIN, row.division_code):
        permissions.refuse()
    keeping.current(row, version)
    keeping.stands(plan, (PlanState.CHECKING, PlanState.SETTLING))
    if row.state != DifferenceState.OPEN:
        raise Refusal(_("这项差异已经处理"), clauses=CLAUSES)
    before = protection.document(DIFFERENCE, row)
    row.explanation, row.explained_on, row.explained_by = keeping.said(text, "explanation"), on, actor.name
    return _save(row, before, events.EXPLAINED, {"name": row.name}, actor, on)


@transaction.atomic
def settle(difference_id: int, given: SettleDraft, *, version: int, actor: Actor, on: date) -> Difference:
    """Decide a difference and carry the decision out, in one transaction with its voucher.

    What is found and taken up stands against 待处理财产损溢 until the result is approved, where the plan asks for that;
    a loss becomes a proposal of disposal, which goes its own way. Raises Refusal for a decision that doesn't fit, one
    that is made already, whatever a lower part refuses, or the actor's own count; NotAllowed; Stale. Serves 3.4.1.
    """
    plan, row = _held(difference_id, actor)
    if not actor.may(permissions.SETTLE, row.division_code or plan.division_code):
        permissions.refuse()
    keeping.current(row, version)
    keeping.stands(plan, (PlanState.SETTLING,))
    if row.state != DifferenceState.OPEN:
        raise Refusal(_("这项差异已经处理"), clauses=CLAUSES)
    if given.decision not in DECISIONS[row.kind]:
        raise Refusal(_("这种差异不能这样处理"), clauses=CLAUSES, field="decision")
    mine = Assignment.objects.filter(task=row.task, member__account=actor.account_id)
    if actor.account_id is not None and row.task_id is not None and mine.exists():
        raise Refusal(_("自己清点的差异须由他人处理"), clauses=CLAUSES)
    reason = keeping.said(given.reason, "reason")
    before = protection.document(DIFFERENCE, row)
    row.decision, row.reason, row.decided_on, row.decided_by = given.decision, reason, on, actor.name
    row.state, row.settled_on = DifferenceState.SETTLED, on
    act = _Act(plan, row, given, actor, on)
    if (carry_out := _ACTS.get(Decision(given.decision))) is not None:
        carry_out(act)
    facts = {"name": row.name, "decision": Decision(given.decision).label}
    return _save(row, before, events.DECIDED, facts, actor, on, reason)


def _save(
    row: Difference,
    before: Mapping[str, Any],
    kind: Any,
    facts: Mapping[str, Any],
    actor: Actor,
    on: date,
    reason: str = "",
) -> Difference:
    row.version += 1
    row.save(force_update=True)
    keeping.trace(
        DIFFERENCE, [(row, before)], kind, division=row.division_code, reason=reason, facts=facts, actor=actor, on=on
    )  # fmt: skip
    return row


def _card(act: _Act) -> Asset:
    if act.row.asset is None:
        raise Refusal(_("这项差异没有资产卡片"), clauses=CLAUSES)
    card: Asset = act.row.asset
    return card


def _move(act: _Act, draft: MoveDraft) -> None:
    assets.move(
        [_card(act).pk],
        draft,
        kind=events.MOVED,
        right=permissions.SETTLE,
        basis=act.plan.number,
        source=act.source,
        reason=act.row.reason,
        actor=act.actor,
        on=act.on,
    )


def _to_where_it_is(act: _Act) -> None:
    """The card follows the thing to where it was seen."""
    seen = act.row.seen_task
    if seen is None:
        if not act.row.seen:
            raise Refusal(_("没有写明在哪里看到，不能更正地点"), clauses=CLAUSES, field="decision")
        _move(act, MoveDraft(place=act.row.seen[:120]))
        return
    if seen.site_id is None:
        _move(act, MoveDraft(division_code=seen.division_code or None, place=seen.place[:120]))
    else:
        _move(act, MoveDraft(site=seen.site_id, division_code=seen.division_code or None))


def _state(act: _Act) -> None:
    """The card takes the state in which the thing was seen, or another that is named."""
    word = act.given.condition or act.row.condition
    if word not in policy.conditions():
        raise Refusal(_("请选择使用状况"), clauses=CLAUSES, field="condition")
    _move(act, MoveDraft(condition=word))


def _quantity(act: _Act) -> None:
    """The card takes the quantity that was counted; the cost stays, unless another is given."""
    card = _card(act)
    counted = act.given.quantity_milli or act.row.found_milli
    if counted <= 0:
        raise Refusal(_("数量应大于零；全部缺失的请提请报损"), clauses=CLAUSES, field="quantity")
    changes: dict[str, Any] = {"quantity_milli": counted}
    if act.given.cost_fen is not None:
        changes["cost_fen"] = act.given.cost_fen
    assets.correct(card.pk, changes, card.version, act.row.reason, actor=act.actor, on=act.on)


def _proposal(act: _Act) -> ProposalDraft:
    words = _("%(number)s %(kind)s：%(reason)s") % {
        "number": act.plan.number, "kind": DifferenceKind(act.row.kind).label, "reason": act.row.reason,
    }  # fmt: skip
    return ProposalDraft(kind=DisposalKind.DAMAGE, reason=words, finding=act.row.explanation)


def _loss(act: _Act) -> None:
    """A loss is proposed for disposal; until that is decided the card stays and counts as missing."""
    made = disposal.draft([_card(act).pk], _proposal(act), is_sample=act.plan.is_sample, actor=act.actor, on=act.on)
    act.row.result = str(Ref("disposal", made.pk))


def _part_loss(act: _Act) -> None:
    """The missing part of a lot is split off and proposed for disposal."""
    card = _card(act)
    missing = card.quantity_milli - act.row.found_milli
    if not 0 < missing < card.quantity_milli:
        raise Refusal(_("只有短少一部分的才能分出报损"), clauses=CLAUSES, field="decision")
    made = disposal.draft([], _proposal(act), is_sample=act.plan.is_sample, actor=act.actor, on=act.on)
    disposal.take_part(made.pk, card.pk, missing, card.version, actor=act.actor, on=act.on)
    act.row.result = str(Ref("disposal", made.pk))


def _register(act: _Act) -> None:
    """What was found without a card is appraised and taken up: 借 固定资产 贷 待处理财产损溢."""
    row, given = act.row, act.given
    if given.appraised_fen <= 0 or not given.appraiser.strip():
        raise Refusal(_("请填写评估价值和评估人或机构"), clauses=CLAUSES, field="appraised_fen")
    owner = Party.objects.filter(pk=given.owner or 0, county=act.actor.county).first()
    if owner is None:
        raise Refusal(_("请选择产权单位"), clauses=CLAUSES, field="owner")
    place: Task | None = row.seen_task or row.task
    site = place.site if place is not None else None
    draft = CardDraft(
        name=row.name,
        system=site.system if site is not None else System.PUBLIC_SERVICE,
        tier=site.tier if site is not None else Tier.COUNTY,
        division_code=(place.division_code if place is not None else "") or owner.division_code,
        quantity_milli=row.found_milli,
        cost_fen=given.appraised_fen,
        unit=row.unit,
        class_code=given.class_code,
        site=site.pk if site is not None else None,
        place="" if site is not None or place is None else place.place[:120],
        model=row.model,
        acquired_on=act.on,
        year=act.on.year,
        owner=owner.pk,
        condition="在用",
        acquire_way=SURPLUS_WAY,
        note=f"{act.plan.number} {row.seen}"[:500],
    )
    key = assets.register_one(draft, source=act.source, actor=act.actor, on=act.on, counter=postings.PENDING)
    row.result = str(Ref("asset", key))
    row.appraised_fen, row.is_this_year = given.appraised_fen, given.is_this_year
    row.appraisal = " ".join(part.strip() for part in (given.appraiser, given.report_no) if part.strip())[:200]
    if act.plan.asks_case:
        row.state, row.settled_on = DifferenceState.DECIDED, None
        return
    row.voucher = post_approved(act.plan, row, actor=act.actor, on=act.on)


def post_approved(plan: Plan, row: Difference, *, actor: Actor, on: date) -> str:
    """The approved value of a found thing leaves the pending account; answers the voucher's reference."""
    asset = Asset.objects.select_related("owner").get(pk=int(Ref.parse(row.result).id))
    assert asset.owner is not None
    made = ledger.post(
        VoucherDraft(
            book_id=book_of(asset.owner, actor=actor, on=on),
            day=on,
            summary=_("盘盈资产批准入账：%(name)s（%(number)s）") % {"name": row.name, "number": plan.number},
            lines=postings.approved(asset.pk, row.appraised_fen, is_this_year=row.is_this_year),
            source=Ref("stocktake_difference", row.pk),
            key=f"stocktake_difference:{row.pk}:approved",
            division=asset.division_code or actor.county.ljust(12, "0"),
        ),
        actor=actor,
        on=on,
    )
    return str(Ref("voucher", made.pk))


_ACTS: Mapping[Decision, Callable[[_Act], None]] = {
    Decision.MOVE: _to_where_it_is,
    Decision.STATE: _state,
    Decision.QUANTITY: _quantity,
    Decision.LOSS: _loss,
    Decision.PART_LOSS: _part_loss,
    Decision.REGISTER: _register,
}
"""Decisions that something follows from; the others are a word with its reason."""
