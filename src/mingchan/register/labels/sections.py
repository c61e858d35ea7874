"""What labels add to pages of the register (栏目): the labels of an asset, and printing labels for chosen assets."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.bulk import BulkAct
from mingchan.kernel.ui.sections import Section
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.labels import permissions, queries, rules
from mingchan.register.labels.choices import Cause


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any]:
    """The label that is on the asset, those before it, and the last scan."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = queries.of_asset(asset.pk)
    live = any(row.valid_to is None for row in rows)
    active = asset.status == Status.ACTIVE
    return {
        "rows": rows,
        "live": live,
        "shown": rules.shown,
        "causes": dict(Cause.choices),
        "scan": next(iter(queries.scans(asset=asset.pk)), None),
        "may_claim": permissions.may_claim(actor, asset) and (active or live),
        "may_print": active and actor.may(permissions.PRINT, asset.division_code or asset.county),
    }


OF_ASSET = Section("labels", _("标签"), "rights", 65, permissions.VIEW, "labels/_asset.html", of_asset)
"""Above the address of the public page in the dossier."""
BULK = BulkAct(_("印制标签"), "labels:print", permissions.PRINT, "tag", whole=_("为筛选结果印制标签"))
"""Beside the other acts on chosen cards of the register, and above the list for all that the filter finds."""
