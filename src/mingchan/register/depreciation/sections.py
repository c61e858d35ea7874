"""What depreciation adds to the page of an asset (资产折旧): its line, and what each month charged."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.sections import Section
from mingchan.register.assets.models import Asset
from mingchan.register.depreciation import permissions
from mingchan.register.depreciation.queries import cards


def of_asset(subject: Any, _request: HttpRequest) -> Mapping[str, Any] | None:
    """The depreciation of one card, None when nothing was charged."""
    card = subject if isinstance(subject, Asset) else Asset.objects.get(pk=subject.id)
    found = cards.of_card(card)
    return None if found is None else {"found": found}


OF_ASSET = Section(
    "depreciation", _("折旧"), "depreciation", 45, permissions.VIEW, "depreciation/_asset.html", of_asset
)
