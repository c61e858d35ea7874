"""What pages of other contexts show of handovers (栏目): an asset's lists, and the way from the register to one."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.bulk import BulkAct
from mingchan.kernel.ui.sections import Section
from mingchan.register.assets.models import Asset
from mingchan.register.handover import permissions, queries


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """The lists of an asset that the reader may see, newest first; None when it was on none."""
    lines = queries.of_asset(asset.pk, request.actor)  # type: ignore[attr-defined]
    return {"lines": lines} if lines else None


OF_ASSET = Section(
    name="handovers",
    label=_("移交"),
    tab="rights",
    order=40,
    right=permissions.VIEW,
    template="handover/_asset.html",
    build=of_asset,
)
"""Below the rights in the dossier, for a handover is how they came."""

BULK = BulkAct(_("拟定移交"), "handover:create", permissions.DRAFT, "arrows-split")
"""Beside the other acts on chosen cards of the register."""
