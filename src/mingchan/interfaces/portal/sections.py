"""What the page of an asset shows of the portal (栏目): the address and QR code of its label."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel import papers
from mingchan.kernel.ui.sections import Section
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """Where anybody reads what the label tells; None for a card that counts no more."""
    if asset.status != Status.ACTIVE:
        return None
    path = reverse("portal:label", args=[asset.code])
    address = request.build_absolute_uri(path)
    return {"path": path, "address": address, "qr": papers.squares(address)}


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
