"""What the page of an asset shows of the portal (栏目): the address and QR code of its label."""

from collections.abc import Mapping
from typing import Any

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.sections import Section
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset


def squares(address: str) -> tuple[int, str]:
    """The QR code of an address as (side in squares, path of an SVG)."""
    rows = [list(row) for row in segno.make(address, error="m").matrix]
    drawn = [f"M{x + 1} {y + 1}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return len(rows) + 2, "".join(drawn)


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """Where anybody reads what the label tells; None for a card that counts no more."""
    if asset.status != Status.ACTIVE:
        return None
    path = reverse("portal:label", args=[asset.code])
    address = request.build_absolute_uri(path)
    return {"path": path, "address": address, "qr": squares(address)}


OF_ASSET = Section(
    name="portal",
    label=_("资产标签"),
    tab="rights",
    order=70,
    right="asset.view",
    template="portal/_asset.html",
    build=of_asset,
)
"""Below the reports about it."""
