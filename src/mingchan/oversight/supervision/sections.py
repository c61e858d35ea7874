"""What supervision shows on pages of others (栏目): findings of an asset, a report of the public made a finding."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.sections import Section
from mingchan.oversight.complaints.models import Complaint
from mingchan.oversight.supervision import forms, permissions, queries, rules
from mingchan.oversight.supervision.choices import Family, Severity, State
from mingchan.oversight.supervision.models import Finding
from mingchan.oversight.supervision.views.lists import GRADES, TONES, titles
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """Findings about the asset by family, standing ones first; None when there never was one."""
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    rows = queries.of_asset(asset.pk, actor)
    if not rows:
        return None
    return {
        "rows": rows,
        "why": {row.id: queries.explain(row).text for row in rows},
        "over": {row.id: rules.days_over(row.state, row.due_on, on) for row in rows},
        "titles": titles(),
        "families": dict(Family.choices),
        "severities": dict(Severity.choices),
        "states": dict(State.choices),
        "tones": TONES,
        "grades": GRADES,
    }


OF_ASSET = Section(
    name="supervision",
    label=_("监督"),
    tab="supervision",
    order=70,
    right=permissions.VIEW,
    template="supervision/_asset.html",
    build=of_asset,
)
"""A tab of the dossier of its own."""


def of_complaint(complaint: Complaint, request: HttpRequest) -> Mapping[str, Any] | None:
    """The finding that a report became, or the form that makes it one."""
    actor = request.actor  # type: ignore[attr-defined]
    found = Finding.objects.filter(
        county=complaint.county, check_code="complaint", subject=f"complaint:{complaint.pk}"
    ).first()
    if found is not None:
        return {"finding": found, "tone": TONES[State(found.state)]}
    if not actor.may(permissions.REVIEW, complaint.division_code or complaint.handled_in):
        return None
    return {"finding": None, "form": forms.RaiseForm(), "complaint": complaint}


OF_COMPLAINT = Section(
    name="supervision",
    label=_("监督"),
    tab="",
    order=10,
    right=permissions.VIEW,
    template="supervision/_complaint.html",
    build=of_complaint,
)
"""Below a report of the public."""


def of_case(case: Case, _actor: Actor) -> Mapping[str, Any]:
    """What an exemption is about: the finding with the figures that caused it."""
    key = str(case.subject).rpartition(":")[2]
    found = Finding.objects.filter(pk=int(key)).first() if key.isdigit() else None
    if found is None:
        return {"finding": None}
    return {"finding": found, "why": queries.explain(found).text, "title": queries.info(found.check_code).title}
