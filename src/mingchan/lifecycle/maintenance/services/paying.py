"""After a repair (付款、理赔): what was owed is paid, an insurance claim is linked, the order is printed."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import VoucherDraft
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.maintenance import events, postings, queries
from mingchan.lifecycle.maintenance.choices import Act, OrderState, Payment
from mingchan.lifecycle.maintenance.models import Order
from mingchan.lifecycle.maintenance.services import repairing
from mingchan.register.assets.services import books

_CLAUSES = ("2.6.1b", "3.4.1")


@transaction.atomic
def pay(order_id: int, *, seen: int, actor: Actor, on: date) -> Order:
    """Pay what is owed for an accepted repair: 借 应付账款 贷 银行存款. Raises as `repairing.locked`, Refusal when
    nothing is owed."""
    order, before = repairing.locked(order_id, seen, Act.PAY, actor)
    if order.state != OrderState.ACCEPTED or order.payment != Payment.OWED or order.paid_on is not None:
        raise Refusal(_("这张维修单没有未付的费用"), clauses=_CLAUSES)
    owner = order.asset.owner
    if owner is None or not order.cost_fen:
        raise Refusal(_("这张维修单没有入账的费用"), clauses=_CLAUSES)
    ledger.post(
        VoucherDraft(
            book_id=books.book_of(owner, actor=actor, on=on),
            day=on,
            summary=_("支付维修费（%(number)s）") % {"number": order.number},
            lines=postings.paid(order.pk, order.cost_fen),
            source=Ref("maintenance_order", order.pk),
            key=f"maintenance_order:{order.pk}:pay",
            division=order.division_code,
        ),
        actor=actor,
        on=on,
    )
    order.paid_on = on
    return repairing.done(order, before, Act.PAY, events.PAID, "", actor=actor, on=on)


@transaction.atomic
def link_claim(order_id: int, claim_id: int, *, seen: int, actor: Actor, on: date) -> Order:
    """Note that an insurance claim is about this damage (2.4.2e). Raises as `repairing.locked`; Refusal for a claim
    under a policy that doesn't cover the asset."""
    order, before = repairing.locked(order_id, seen, Act.CLAIM, actor)
    claims = {claim.pk: claim for claim in queries.orders.claims_for(order.asset_id, actor.county)}
    if claim_id not in claims:
        raise Refusal(_("这项资产没有这件保险理赔"), clauses=("2.4.2e",), field="claim")
    order.claim = claims[claim_id]
    return repairing.done(order, before, Act.CLAIM, events.CLAIMED, order.claim.event, actor=actor, on=on)


@transaction.atomic
def note_print(order: Order, *, actor: Actor, on: date) -> None:
    """Record that a repair was printed."""
    evidence.record(
        events.PRINTED,
        Ref("maintenance_order", order.pk),
        actor=actor,
        on=on,
        division=order.division_code,
        facts={"number": order.number},
    )
