"""What the page of an asset shows of inspections and repairs (栏目)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.maintenance import permissions, queries
from mingchan.lifecycle.maintenance.choices import Finding, OrderState, Treatment
from mingchan.lifecycle.maintenance.models import Line
from mingchan.lifecycle.maintenance.views.words import FINDING_TONES, ORDER_TONES
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any]:
    """Repairs, warranties and the last inspections of an asset, and reporting a fault."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    on = request.on  # type: ignore[attr-defined]
    lines = Line.objects.filter(asset=asset.pk).select_related("round").order_by("-id")[:5]
    return {
        "orders": queries.of_asset(asset.pk, actor),
        "warranties": queries.warranties_of(asset.pk),
        "held": queries.in_warranty([asset.pk], on).get(asset.pk),
        "lines": list(lines),
        "states": dict(OrderState.choices),
        "tones": ORDER_TONES,
        "findings": dict(Finding.choices),
        "finding_tones": FINDING_TONES,
        "treatments": dict(Treatment.choices),
        "may_report": asset.status == Status.ACTIVE and permissions.may_report(actor, asset),
        "may_order": actor.may(permissions.ORDER, asset.division_code or asset.county),
    }


OF_ASSET = Section(
    "maintenance", _("巡查维修"), "maintenance", 40, permissions.VIEW, "maintenance/_asset.html", of_asset
)
"""A tab of its own in the dossier."""
