"""The shares that hold (支出份额): of one payment, of one asset, and what is linked of many, set-based."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.register.assets import queries as assets
from mingchan.register.assets.models import Asset
from mingchan.register.funding import queries as funding
from mingchan.register.funding.models import FundUse
from mingchan.register.tracing.models import PaymentShare
from mingchan.register.tracing.permissions import VIEW


def live() -> "QuerySet[PaymentShare]":
    """Shares that hold."""
    return PaymentShare.objects.filter(valid_to__isnull=True)


def linked(side: str, key: str = "pk", **narrowed: Any) -> Coalesce:
    """Fen linked of each row of a query over payments (`use`) or assets (`asset`), zero where nothing is."""
    rows = live().filter(**{side: OuterRef(key)}, **narrowed).order_by()
    return Coalesce(Subquery(rows.values(side).annotate(fen=Sum("amount_fen")).values("fen")), Value(0))


def linked_of_use(use_id: int) -> int:
    """Fen of a payment that are linked to assets."""
    return int(live().filter(use=use_id).aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def linked_of_asset(asset_id: int) -> int:
    """Fen of an asset's cost that payments explain."""
    return int(live().filter(asset=asset_id).aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def share(pk: int, actor: Actor) -> PaymentShare:
    """One share whose payment the actor may see. Raises NotFound."""
    found = PaymentShare.objects.filter(pk=pk, use__in=funding.visible_to(actor)).first()
    if found is None:
        raise NotFound(_("没有这条关联，或已解除"))
    return found


def open_of_use(use: FundUse) -> int:
    """Fen of a payment that became assets and are linked to none."""
    return use.asset_fen - linked_of_use(use.pk)


def shares_of_use(use: FundUse, actor: Actor) -> tuple[list[PaymentShare], int]:
    """The shares of a payment whose assets the actor may see, closed ones last; how many it may not see."""
    every = PaymentShare.objects.filter(use=use)
    seen = every.filter(asset__in=Asset.objects.filter(assets.visible_to(actor, VIEW))).select_related("asset")
    found = sorted(seen, key=lambda share: (share.valid_to is not None, share.asset.code))
    return found, every.filter(valid_to__isnull=True).count() - sum(share.valid_to is None for share in found)


def shares_of_asset(asset: Asset, actor: Actor) -> tuple[list[PaymentShare], int]:
    """The shares of an asset whose payments the actor may see, closed ones last; how many it may not see."""
    every = PaymentShare.objects.filter(asset=asset)
    seen = every.filter(use__in=funding.visible_to(actor)).select_related("use__line")
    found = sorted(seen, key=lambda share: (share.valid_to is not None, str(share.use.paid_on or ""), share.pk))
    return found, every.filter(valid_to__isnull=True).count() - sum(share.valid_to is None for share in found)
