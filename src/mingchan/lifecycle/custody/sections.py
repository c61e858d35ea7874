"""What pages of other contexts show of custody (栏目): an asset's keepers, and the way from the register to one."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.bulk import BulkAct
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.custody import permissions, queries
from mingchan.lifecycle.custody.views import showing
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """Everybody who kept the asset, the present keeper first; none at all is said."""
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    rows = []
    for right in queries.history(asset.pk):
        state = queries.term_state(right.due_on, on)
        rows.append(
            {
                "right": right,
                "url": reverse("custody:keeper", args=[right.party_id]),
                "state": state,
                "tone": showing.TONES[state],
                "paper": showing.paper(right.document) if right.document.startswith("attachment:") else "",
            }
        )
    may = asset.status == Status.ACTIVE and permissions.may_assign(actor, asset.division_code)
    return {"rows": rows, "assign_url": f"{reverse('custody:assign')}?selected={asset.pk}" if may else ""}


OF_ASSET = Section(
    name="custody",
    label=_("管护"),
    tab="rights",
    order=30,
    right=permissions.VIEW,
    template="custody/_asset.html",
    build=of_asset,
)
"""Below the rights in the dossier."""

BULK = BulkAct(_("落实管护人"), "custody:assign", permissions.ASSIGN, "user")
"""Beside the other acts on chosen cards of the register."""
