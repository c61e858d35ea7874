"""Work added to an asset's cost (后续支出资本化): the card's cost from a day on, with its voucher (3.4.1)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger.queries import of_source
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import MILLI
from mingchan.kernel.refs import Ref
from mingchan.register.assets import events, postings
from mingchan.register.assets.choices import MIXED
from mingchan.register.assets.models import Asset, FundingShare
from mingchan.register.assets.services import correction
from mingchan.register.assets.services.rows import keep_former, whole


@transaction.atomic
def add_cost(
    asset_id: int,
    amount_fen: int,
    *,
    right: str,
    credit_role: str,
    funding: str,
    basis: str,
    source: Ref,
    actor: Actor,
    on: date,
) -> str:
    """Raise a card's cost by work done on it, from `on`; the owner's book says 借 固定资产 贷 `credit_role`.

    The voucher as a reference, empty for a card without an owner, whose cost is in no book. `funding` is the source of
    the money: another one than the card's makes it a mixed card with shares. Raises NotFound, NotAllowed without
    `right` there; Refusal for no amount, no basis, a card that no longer counts, is frozen or changed after `on`.
    """
    card = correction.locked(asset_id, right, actor=actor)
    correction.current(card, card.version, on, {})
    if amount_fen <= 0:
        raise Refusal(_("计入原值的金额应大于零"), clauses=("3.4.1",), field="cost_fen")
    if not basis.strip():
        raise Refusal(_("请填写依据"), clauses=("2.2",), field="basis")
    before, cost = whole(asset_id), card.cost_fen + amount_fen
    changed: dict[str, Any] = {"cost_fen": cost}
    if card.unit_price_fen is not None:
        each, rest = divmod(cost * MILLI, card.quantity_milli)
        changed["unit_price_fen"] = None if rest else each
    if funding and _share(card, funding, amount_fen):
        changed["funding"] = MIXED
    keep_former([asset_id], on)
    Asset.objects.filter(pk=asset_id).update(**changed, version=card.version + 1, state_since=on)
    voucher = ""
    if card.owner_id is not None:
        summary = _("后续支出计入原值：%(name)s") % {"name": card.name}
        lines = postings.addition(asset_id, card.six_class, amount_fen, credit_role)
        correction.post_one(card.owner_id, lines, card, "improve", summary=summary, actor=actor, on=on)
        made = of_source(Ref("asset", asset_id)).order_by("-id").values_list("id", flat=True).first()
        voucher = str(Ref("voucher", made)) if made else ""
    evidence.record(
        events.IMPROVED,
        Ref("asset", asset_id),
        actor=actor,
        on=on,
        before=before,
        after=whole(asset_id),
        division=card.division_code,
        reason=basis.strip(),
        facts={"name": card.name, "amount_fen": amount_fen, "basis": str(source)},
    )
    return voucher


def _share(card: Asset, funding: str, amount_fen: int) -> bool:
    """Keep the shares of the funding equal to the cost; whether the card's funding becomes mixed."""
    shares = FundingShare.objects.filter(asset=card)
    if shares.exists():
        FundingShare.objects.create(asset=card, source=funding, amount_fen=amount_fen)
        return card.funding != MIXED and shares.exclude(source=funding).exists()
    if not card.funding or card.funding == funding:
        return False
    FundingShare.objects.create(asset=card, source=card.funding, amount_fen=card.cost_fen)
    FundingShare.objects.create(asset=card, source=funding, amount_fen=amount_fen)
    return True
