"""What sites add to pages of the register (栏目): where an asset is kept, and moving chosen assets elsewhere."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.money import MILLI
from mingchan.kernel.ui.bulk import BulkAct
from mingchan.kernel.ui.sections import Section
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.sites import permissions, queries
from mingchan.register.sites.views import words


def kept_at(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """The site of an asset with its state and holders, and what the reader may do about it (2.6.1b).

    Nothing on the card of a past day, on which the asset may have stood elsewhere.
    """
    if request.GET.get("on"):
        return None
    actor: Actor = request.actor  # type: ignore[attr-defined]
    division = asset.division_code or asset.county
    active = asset.status == Status.ACTIVE
    found: dict[str, Any] = {
        "site": None,
        "may_move": active and actor.may(permissions.MOVE, division),
        "may_spread": active and asset.quantity_milli > MILLI and actor.may(permissions.SPLIT, division),
    }
    if asset.site is None:
        return found
    file = queries.profile(asset.site.pk)
    state = file.state if file is not None else ""
    code = asset.division_code
    return found | {
        "site": asset.site,
        "state": words.state_text(state),
        "tone": words.TONES[state],
        "place": assets.names_by_key(set(), set(), {code} - {""}).divisions.get(code, ""),
        "keeper": file.keeper.name if file is not None and file.keeper is not None else "",
        "operator": file.operator.name if file is not None and file.operator is not None else "",
    }


OF_ASSET = Section("site", _("存放站点"), "card", 10, "", "sites/_asset.html", kept_at)
BULK = BulkAct(_("调整存放地点"), "sites:move", permissions.MOVE, "map-pin")
"""Beside the other acts on chosen cards of the register."""
