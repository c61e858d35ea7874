"""Repairs (维修): reported, assigned, done, accepted; the cost goes where the rule says, with its voucher (2.6.1b)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import VoucherDraft
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.maintenance import events, permissions, postings, queries, rules
from mingchan.lifecycle.maintenance.choices import Act, Nature, OrderState, Payment, Severity, Treatment
from mingchan.lifecycle.maintenance.drafts import AcceptDraft, AssignDraft, FaultDraft, WorkDraft
from mingchan.lifecycle.maintenance.models import Order, OrderSeries, Step
from mingchan.lifecycle.maintenance.queries.documents import ORDER, document
from mingchan.lifecycle.maintenance.services import warranting
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.drafts import MoveDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services import books

_CLAUSES = ("2.6.1b", "3.4.1")


@transaction.atomic
def report(
    asset_id: int, draft: FaultDraft, *, condition: str = "", actor: Actor, on: date, is_sample: bool = False
) -> Order:
    """Report a fault of an asset (报修); `condition` is its state of use from now on, empty to leave it.

    Raises NotFound, NotAllowed without `maintenance.inspect` there; Refusal without words or a known severity, for a
    day out of use that lies ahead, or a card that no longer counts.
    """
    asset = Asset.objects.select_for_update(of=("self",)).filter(pk=asset_id, county=actor.county).first()
    if asset is None or not permissions.may_report(actor, asset):
        raise NotFound(_("没有这张资产卡片"))
    if asset.status != Status.ACTIVE:
        raise Refusal(_("卡片已拆分、已撤回或已处置，不能报修"), clauses=_CLAUSES)
    if len(draft.what.strip()) < 2:
        raise Refusal(_("请写明故障情况"), clauses=_CLAUSES, field="what")
    if draft.severity not in Severity.values:
        raise Refusal(_("请选择故障程度"), clauses=_CLAUSES, field="severity")
    if draft.down_since is not None and draft.down_since > on:
        raise Refusal(_("停用日期不能晚于今天"), clauses=_CLAUSES, field="down_since")
    made = open_order(asset, draft, actor=actor, on=on, is_sample=is_sample)
    right = permissions.INSPECT if actor.may(permissions.INSPECT, made.division_code) else permissions.ORDER
    if actor.may(right, made.division_code):
        _put_state(asset, condition, made, right, actor, on)
    return made


def open_order(asset: Asset, draft: FaultDraft, *, actor: Actor, on: date, is_sample: bool = False) -> Order:
    """Write a repair and its first step. The caller has asked whether it may be."""
    number = _next_number(actor.county, on.year)
    made = Order.objects.create(
        county=actor.county,
        number=number,
        asset=asset,
        division_code=asset.division_code or asset.county,
        what=draft.what.strip()[:500],
        severity=draft.severity,
        origin=draft.origin[:60],
        reported_on=on,
        reported_by=actor.name,
        down_since=draft.down_since,
        is_sample=is_sample,
    )
    Step.objects.create(order=made, number=1, act=Act.REPORT, on=on, done_by=actor.name, text=made.what)
    evidence.record(
        events.REPORTED,
        Ref("maintenance_order", made.pk),
        actor=actor,
        on=on,
        after=document(ORDER, made),
        division=made.division_code,
        facts={"name": asset.name, "number": number},
    )
    return made


def _next_number(county: str, year: int) -> str:
    OrderSeries.objects.bulk_create([OrderSeries(county=county, year=year)], ignore_conflicts=True)
    series = OrderSeries.objects.select_for_update().get(county=county, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{policy.thresholds()['maintenance.number_word'].value}〔{year}〕{series.last}号"


def locked(order_id: int, seen: int, act: Act, actor: Actor) -> tuple[Order, dict[str, Any]]:
    """The repair, locked, and its document before the act. Raises NotFound, NotAllowed, Stale, Refusal."""
    found = Order.objects.select_for_update(of=("self",)).select_related("asset")
    order = permissions.require_order(actor, found.filter(pk=order_id, county=actor.county).first())
    if order.version != seen:
        raise Stale(
            _("这张维修单刚被他人办理，请核对后再操作。"),
            theirs={"state": order.get_state_display()},
            yours={"state": str(act.label)},
        )
    if act not in (Act.PAY, Act.CLAIM) and act not in rules.acts(order.state):
        words = _("现在是“%(state)s”，不能%(act)s。")
        raise Refusal(words % {"state": order.get_state_display(), "act": act.label}, clauses=_CLAUSES)
    return order, document(ORDER, order)


def done(
    order: Order, before: dict[str, Any], act: Act, kind: EventKind, text: str, *, actor: Actor, on: date, **facts: Any
) -> Order:
    """Write the step and the order's new state, and record both. Raises Refusal for a day before the last step."""
    last = Step.objects.filter(order=order).order_by("-number").values_list("number", "on").first()
    assert last is not None
    if on < last[1]:
        raise Refusal(_("办理日期不能早于上一步。"), clauses=_CLAUSES, field="on")
    Step.objects.create(order=order, number=last[0] + 1, act=act, on=on, done_by=actor.name, text=text.strip()[:500])
    order.state = rules.state_after(act, order.state)
    order.version += 1
    order.save()
    evidence.record(
        kind,
        Ref("maintenance_order", order.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(ORDER, order),
        division=order.division_code,
        reason=text.strip(),
        facts={"number": order.number, **facts},
    )
    return order


@transaction.atomic
def assign(order_id: int, draft: AssignDraft, *, seen: int, actor: Actor, on: date) -> Order:
    """Give the repair to somebody (派工), or to somebody else. Raises as `locked`; Refusal without who, for a term
    before today, or free of charge without a warranty that holds."""
    order, before = locked(order_id, seen, Act.ASSIGN, actor)
    if not draft.supplier.strip():
        raise Refusal(_("请填写维修单位或维修人"), clauses=_CLAUSES, field="supplier")
    if draft.due_on is not None and draft.due_on < on:
        raise Refusal(_("要求完成日不能早于今天"), clauses=_CLAUSES, field="due_on")
    if draft.by_warranty and order.asset_id not in queries.in_warranty([order.asset_id], on):
        raise Refusal(_("这项资产现在没有有效的保修，请先登记保修"), clauses=_CLAUSES, field="by_warranty")
    order.supplier, order.worker = draft.supplier.strip()[:120], draft.worker.strip()[:60]
    order.due_on, order.estimate_fen, order.by_warranty = draft.due_on, draft.estimate_fen, draft.by_warranty
    return done(
        order, before, Act.ASSIGN, events.ASSIGNED, order.supplier, actor=actor, on=on, supplier=order.supplier
    )  # fmt: skip


@transaction.atomic
def repair(order_id: int, draft: WorkDraft, *, seen: int, actor: Actor, on: date) -> Order:
    """Note what was done, when it worked again and what it cost (完成维修). Raises as `locked`; Refusal without the
    work, for a day before the report or ahead, a negative cost, or a cost of a repair under warranty."""
    order, before = locked(order_id, seen, Act.REPAIR, actor)
    if len(draft.work.strip()) < 2:
        raise Refusal(_("请写明维修内容"), clauses=_CLAUSES, field="work")
    if not order.reported_on <= draft.repaired_on <= on:
        raise Refusal(_("修好日期应在报修之后，且不晚于今天"), clauses=_CLAUSES, field="repaired_on")
    if draft.cost_fen < 0 or (order.by_warranty and draft.cost_fen):
        words = _("保修期内免费维修的费用应为零") if order.by_warranty else _("费用不能为负数")
        raise Refusal(words, clauses=_CLAUSES, field="cost_fen")
    if draft.nature not in Nature.values:
        raise Refusal(_("请选择支出性质"), clauses=_CLAUSES, field="nature")
    order.work, order.repaired_on, order.cost_fen = draft.work.strip()[:500], draft.repaired_on, draft.cost_fen
    order.nature, order.invoice = draft.nature, draft.invoice.strip()[:60]
    order.treatment = queries.packs.treatment(order.nature, draft.cost_fen, order.asset.cost_fen)
    return done(order, before, Act.REPAIR, events.REPAIRED, order.work, actor=actor, on=on)


@transaction.atomic
def send_back(order_id: int, reason: str, *, seen: int, actor: Actor, on: date) -> Order:
    """Give work that isn't good enough back (退回返修). Raises as `locked`, Refusal without a reason."""
    order, before = locked(order_id, seen, Act.SEND_BACK, actor)
    if not reason.strip():
        raise Refusal(_("请填写退回理由"), clauses=_CLAUSES, field="reason")
    order.repaired_on, order.cost_fen, order.treatment = None, None, ""
    return done(order, before, Act.SEND_BACK, events.SENT_BACK, reason, actor=actor, on=on)


@transaction.atomic
def decline(order_id: int, reason: str, *, seen: int, actor: Actor, on: date) -> Order:
    """End a repair that won't be made (不予维修). Raises as `locked`, Refusal without a reason."""
    order, before = locked(order_id, seen, Act.DECLINE, actor)
    if not reason.strip():
        raise Refusal(_("请填写不予维修的理由"), clauses=_CLAUSES, field="reason")
    order.closed_on, order.closed_by, order.result = on, actor.name, reason.strip()[:300]
    return done(order, before, Act.DECLINE, events.DECLINED, reason, actor=actor, on=on)


@transaction.atomic
def accept(order_id: int, draft: AcceptDraft, *, seen: int, actor: Actor, on: date) -> Order:
    """Accept the work (验收): the cost is posted as an expense or added to the asset's cost, as the rule says.

    Raises as `locked`; Refusal without a result, how it was paid, or an owner in whose book it goes; and whatever the
    register and the books refuse (a frozen card, a closed month). Serves 2.6.1b, 3.4.1.
    """
    order, before = locked(order_id, seen, Act.ACCEPT, actor)
    if len(draft.result.strip()) < 2:
        raise Refusal(_("请填写验收意见"), clauses=_CLAUSES, field="result")
    cost = order.cost_fen or 0
    order.treatment = queries.packs.treatment(order.nature, cost, order.asset.cost_fen)
    if cost and draft.payment not in Payment.values:
        raise Refusal(_("请选择付款情况"), clauses=_CLAUSES, field="payment")
    if cost and order.asset.owner is None:
        raise Refusal(_("这项资产还没有所有权人，费用无账可记，请先确权"), clauses=_CLAUSES)
    order.payment = draft.payment if cost else ""
    order.paid_on = on if order.payment == Payment.PAID else None
    order.closed_on, order.closed_by, order.result = on, actor.name, draft.result.strip()[:300]
    order.voucher = _post(order, draft.funding, actor, on)
    asset = Asset.objects.select_for_update(of=("self",)).get(pk=order.asset_id)
    _put_state(asset, draft.condition, order, permissions.ORDER, actor, on)
    with translation.override("zh-hans"):
        words = str(Treatment(order.treatment).label)
    done(order, before, Act.ACCEPT, events.ACCEPTED, draft.result, actor=actor, on=on, treatment=words)
    if draft.warranty_until is not None:
        warranting.with_repair(order, draft.warranty_until, actor=actor, on=on)
    return order


def _post(order: Order, funding: str, actor: Actor, on: date) -> str:
    """The voucher of the cost as a reference, empty when there is none."""
    cost, owner = order.cost_fen or 0, order.asset.owner
    if not cost or owner is None:
        return ""
    if order.treatment == Treatment.CAPITAL:
        return assets.add_cost(
            order.asset_id,
            cost,
            right=permissions.ORDER,
            credit_role=postings.source_of_money(order.payment),
            funding=funding,
            basis=order.number,
            source=Ref("maintenance_order", order.pk),
            actor=actor,
            on=on,
        )
    made = ledger.post(
        VoucherDraft(
            book_id=books.book_of(owner, actor=actor, on=on),
            day=on,
            summary=_("维修%(name)s（%(number)s）") % {"name": order.asset.name, "number": order.number},
            lines=postings.expense(order.asset_id, order.pk, cost, order.payment),
            source=Ref("maintenance_order", order.pk),
            key=f"maintenance_order:{order.pk}:accept",
            division=order.division_code,
        ),
        actor=actor,
        on=on,
    )
    return str(Ref("voucher", made.pk))


def _put_state(asset: Asset, condition: str, order: Order, right: str, actor: Actor, on: date) -> None:
    """Change the asset's state of use, when another one is asked for. Raises Refusal for an unknown word."""
    if not condition or condition == asset.condition:
        return
    if condition not in policy.conditions():
        raise Refusal(_("没有这种使用状况"), clauses=_CLAUSES, field="condition")
    assets.move(
        [asset.pk],
        MoveDraft(condition=condition),
        kind=events.STATE_FOUND,
        right=right,
        basis=order.number,
        source=Ref("maintenance_order", order.pk),
        actor=actor,
        on=on,
    )


__all__ = ["OrderState", "accept", "assign", "decline", "done", "locked", "open_order", "repair", "report", "send_back"]
