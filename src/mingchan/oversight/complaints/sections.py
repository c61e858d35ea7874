"""What the page of an asset shows of reports from the public (栏目): those about it, with how far they are."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.sections import Section
from mingchan.oversight.complaints import permissions, queries, rules
from mingchan.oversight.complaints.choices import Kind, State
from mingchan.oversight.complaints.views import TONES
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """Reports about the asset that the reader may see, newest first; None when there are none."""
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    rows = queries.of_asset(asset.code, actor)
    if not rows:
        return None
    return {
        "rows": rows,
        "states": dict(State.choices),
        "kinds": dict(Kind.choices),
        "tones": TONES,
        "over": {row.id: rules.days_over(row.state, row.due_on, on) for row in rows},
    }


OF_ASSET = Section(
    name="complaints",
    label=_("群众反映"),
    tab="rights",
    order=60,
    right=permissions.VIEW,
    template="complaints/_asset.html",
    build=of_asset,
)
"""Below rights, keepers and handovers in the dossier."""
