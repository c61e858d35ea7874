"""What the page of an asset shows of joint supervision (栏目): cases about it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.sections import Section
from mingchan.oversight.jointwork import permissions
from mingchan.oversight.jointwork.queries import cases
from mingchan.oversight.jointwork.views.cases import TONES
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """Accountability cases about the asset; None when there are none."""
    rows = cases.of_asset(asset.pk, request.actor)  # type: ignore[attr-defined]
    return {"rows": rows, "tones": TONES} if rows else None


OF_ASSET = Section(
    name="accountability",
    label=_("追责"),
    tab="rights",
    order=70,
    right=permissions.SEE_CASES,
    template="jointwork/_asset.html",
    build=of_asset,
)
"""Below reports from the public in the dossier."""
