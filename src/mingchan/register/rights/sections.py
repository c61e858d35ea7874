"""What rights add to other pages (栏目): lines of holders on a card's dossier, what a party holds on its page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.kernel import links
from mingchan.kernel.ui.bulk import BulkAct
from mingchan.kernel.ui.sections import Section
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.models import Asset
from mingchan.register.rights import permissions
from mingchan.register.rights.queries import holders, lines
from mingchan.register.rights.queries.certificates import share_text
from mingchan.register.rights.views.framing import day_in, paper_of


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any]:
    """Each kind of right of a card as a line of holders over time, drawn and in words (2.4.1)."""
    day, _bad = day_in(request)
    on = day or request.on  # type: ignore[attr-defined]
    axis, found = lines.lines(asset.pk, asset.acquired_on or asset.registered_on, on)
    sources: dict[str, links.Link] = {}
    for line in found:
        for stretch in line.stretches:
            if stretch.right.source not in sources:
                sources[stretch.right.source] = links.resolve(stretch.right.source)
    return {
        "axis": axis,
        "day": day,
        "lines": [
            {
                "label": RightKind(line.kind).label,
                "kind": line.kind,
                "line": line,
                "rows": [_row(stretch, sources, asset) for stretch in reversed(line.stretches)],
            }
            for line in found
        ],
    }


def _row(stretch: lines.Stretch, sources: Mapping[str, links.Link], asset: Asset) -> dict[str, Any]:
    right = stretch.right
    link = sources[right.source]
    is_own = right.source == f"asset:{asset.pk}"
    return {
        "stretch": stretch,
        "party": right.party.name,
        "party_url": reverse("rights:ledger", args=[right.party_id]) + f"?kind={right.kind}",
        "share": share_text(right.share_numerator, right.share_denominator),
        "since": right.valid_from,
        "until": right.valid_to,
        "basis": right.basis,
        "body": right.organisation.name if right.organisation is not None else "",
        "due_on": right.due_on,
        "paper": paper_of(right.document),
        "source": None if is_own else link,
    }


def of_party(party: Party, request: HttpRequest) -> Mapping[str, Any] | None:
    """What a party holds, by kind of right, with the way to its ledgers; nothing for one that holds nothing."""
    held = holders.held_by([party.pk], request.actor).get(party.pk, {})  # type: ignore[attr-defined]
    if not held:
        return None
    base = reverse("rights:ledger", args=[party.pk])
    return {
        "rows": [
            (RightKind(kind).label, held[kind], f"{base}?kind={kind}") for kind in RightKind.values if kind in held
        ]
    }


OF_ASSET = Section("rights", _("权利沿革"), "rights", 10, "", "rights/_lines.html", of_asset)
OF_PARTY = Section("rights", _("持有的权利"), "", 10, "asset.view", "rights/_party.html", of_party)
BULK = BulkAct(_("对所选提出确权"), "rights:propose", permissions.PROPOSE, "certificate", whole=_("对筛选结果提出确权"))
"""Beside the other acts on chosen cards of the register, and above the list for all that the filter finds."""
