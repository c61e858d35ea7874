"""Warranties (保修): noted with the purchase or with a repair, warned of before they end, ended early (2.6.1b)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.maintenance import events, permissions
from mingchan.lifecycle.maintenance.models import Order, Warranty
from mingchan.lifecycle.maintenance.queries.documents import WARRANTY, document
from mingchan.register.assets.models import Asset

_CLAUSES = ("2.6.1b",)


@transaction.atomic
def warrant(
    asset_id: int,
    provider: str,
    starts_on: date,
    last_day: date,
    *,
    scope: str = "",
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Warranty:
    """Note a warranty of an asset. Raises NotFound, NotAllowed without `maintenance.order` there; Refusal without who
    warrants, or for days in the wrong order."""
    asset = Asset.objects.filter(pk=asset_id, county=actor.county).first()
    division = (asset.division_code or asset.county) if asset is not None else ""
    if asset is None or not (actor.may("asset.view", division) or actor.may(permissions.ORDER, division)):
        raise NotFound(_("没有这张资产卡片"))
    if not actor.may(permissions.ORDER, division):
        raise NotAllowed(_("您没有在这个区划登记保修的权限。"), clauses=_CLAUSES)
    return _note(asset, None, provider, scope, starts_on, last_day, actor, on, is_sample)


def with_repair(order: Order, last_day: date, *, actor: Actor, on: date) -> Warranty:
    """The warranty that who repaired gives on the work, from its acceptance."""
    return _note(order.asset, order, order.supplier, order.work[:200], on, last_day, actor, on, order.is_sample)


def _note(
    asset: Asset,
    order: Order | None,
    provider: str,
    scope: str,
    starts_on: date,
    last_day: date,
    actor: Actor,
    on: date,
    is_sample: bool,
) -> Warranty:
    if not provider.strip():
        raise Refusal(_("请填写保修单位"), clauses=_CLAUSES, field="provider")
    if last_day < starts_on:
        raise Refusal(
            _("保修止日不能早于起日"), clauses=_CLAUSES, field="last_day" if order is None else "warranty_until"
        )
    made = Warranty.objects.create(
        county=actor.county,
        asset=asset,
        division_code=asset.division_code or asset.county,
        order=order,
        provider=provider.strip()[:120],
        scope=scope.strip()[:200],
        starts_on=starts_on,
        last_day=last_day,
        noted_on=on,
        noted_by=actor.name,
        is_sample=is_sample,
    )
    evidence.record(
        events.WARRANTED,
        Ref("warranty", made.pk),
        actor=actor,
        on=on,
        after=document(WARRANTY, made),
        division=made.division_code,
        facts={"name": asset.name, "day": last_day.isoformat()},
    )
    return made


@transaction.atomic
def end_warranty(warranty_id: int, *, reason: str, actor: Actor, on: date) -> Warranty:
    """End a warranty before its day. Raises NotFound, NotAllowed, Refusal without a reason or when it ended."""
    found = Warranty.objects.select_for_update(of=("self",)).select_related("asset")
    row = found.filter(pk=warranty_id, county=actor.county).first()
    if row is None or not actor.may(permissions.VIEW, row.division_code):
        raise NotFound(_("没有这项保修"))
    if not actor.may(permissions.ORDER, row.division_code):
        raise NotAllowed(_("您没有在这个区划登记保修的权限。"), clauses=_CLAUSES)
    if row.ended_on is not None or row.last_day < on:
        raise Refusal(_("这项保修已经结束"), clauses=_CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写终止原因"), clauses=_CLAUSES, field="reason")
    before = document(WARRANTY, row)
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    evidence.record(
        events.WARRANTY_ENDED,
        Ref("warranty", row.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(WARRANTY, row),
        division=row.division_code,
        reason=reason.strip(),
        facts={"name": row.asset.name},
    )
    return row
