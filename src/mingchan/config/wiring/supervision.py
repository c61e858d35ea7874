"""Connections of supervision (监督): findings on assets and reports, exemptions by their case, cards of desks."""

from django.urls import reverse

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, glance, sections
from mingchan.oversight.supervision import cards, glances, queries, services
from mingchan.oversight.supervision import sections as supervision_sections
from mingchan.oversight.supervision.models import Finding, Sample
from mingchan.oversight.supervision.services import waiving

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {
    "supervision.Run": "tells that the checks ran and how far the log was; what they found are findings of their own",
}
LEFT_OUT: dict[str, str] = {}


def _finding(ref: Ref) -> Link | None:
    found = Finding.objects.filter(pk=ref.id).values_list("check_code", "title").first()
    if found is None:
        return None
    title = f"{queries.info(found[0]).title} {found[1]}"
    return Link(title, reverse("supervision:finding", args=[ref.id]))


def _sample(ref: Ref) -> Link | None:
    title = Sample.objects.filter(pk=ref.id).values_list("title", flat=True).first()
    return Link(title, reverse("supervision:sample", args=[ref.id])) if title else None


def connect() -> None:
    """Make them."""
    protection.register_check(queries.faults)
    links.register("finding", _finding)
    links.register("supervision_sample", _sample)
    sections.register("asset", supervision_sections.OF_ASSET)
    sections.register("complaint", supervision_sections.OF_COMPLAINT)
    desk.register("supervision", cards.of_supervision, order=20)
    for one in glances.GLANCES:
        glance.register(one)
    outcomes.register(
        waiving.PROCEDURE,
        Outcome(
            on_approved=lambda case, actor, on: services.on_waived(case, actor=actor, on=on),
            on_rejected=lambda case, actor, on: services.on_rejected(case, actor=actor, on=on),
            on_withdrawn=lambda case, actor, on: services.on_rejected(case, actor=actor, on=on),
            template="supervision/_case.html",
            subject=supervision_sections.of_case,
        ),
    )
