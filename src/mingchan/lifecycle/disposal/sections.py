"""What pages of other contexts show of disposals (栏目): an asset's, a case's, and the way from the register to one."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.bulk import BulkAct
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.disposal import permissions, queries
from mingchan.lifecycle.disposal.views import showing
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """The proposals of an asset that the reader may see, newest first; None when it was on none."""
    items = queries.of_asset(asset.pk, request.actor)  # type: ignore[attr-defined]
    return {"items": items, "tones": showing.TONES} if items else None


def of_case(case: Case, actor: Actor) -> Mapping[str, Any]:
    """What the reviewers of a case see of its disposal: the list, what is there of the papers, and the warnings."""
    found = queries.by_case(case.pk)
    return showing.subject(found, actor) if found is not None else {}


OF_ASSET = Section(
    name="disposals",
    label=_("处置"),
    tab="rights",
    order=60,
    right=permissions.VIEW,
    template="disposal/_asset.html",
    build=of_asset,
)
"""Below the rights in the dossier, for a disposal ends them."""

BULK = BulkAct(_("提出处置"), "disposal:propose", permissions.PROPOSE, "archive", _("处置筛选出的全部资产"))
"""Beside the other acts on chosen cards of the register; it also takes everything that a filter finds."""
