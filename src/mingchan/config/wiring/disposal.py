"""Connections of disposal (处置): what follows from its cases, what keeps an asset from being disposed of."""

from django.urls import reverse

from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import holds, links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk, desk, sections
from mingchan.lifecycle.disposal import cards, events, queries, services
from mingchan.lifecycle.disposal import sections as disposal_sections
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.services.drafting import HOLD
from mingchan.lifecycle.operation import queries as operation
from mingchan.oversight.disclosure import publications
from mingchan.register.assets.queries import summing
from mingchan.register.handover import queries as handover
from mingchan.register.survey import queries as survey

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {
    "disposal.Item.is_open": "follows the disposal's state; it keeps an asset off two proposals",
}


def _disposal(ref: Ref) -> Link | None:
    found = Disposal.objects.filter(pk=ref.id).first()
    if found is None:
        return None
    return Link(f"{queries.title(found)}（{found.number}）", reverse("disposal:detail", args=[found.pk]))


def connect() -> None:
    """Make them."""
    links.register("disposal", _disposal)
    outcomes.register(
        "disposal",
        Outcome(
            on_approved=lambda case, actor, on: services.on_approved(case, actor=actor, on=on),
            on_rejected=lambda case, actor, on: services.on_rejected(case, actor=actor, on=on),
            on_withdrawn=lambda case, actor, on: services.on_withdrawn(case, actor=actor, on=on),
            on_moved=lambda case, actor, on: services.on_moved(case, actor=actor, on=on),
            may_change=lambda case, _actor, _on: services.may_change(case),
            template="disposal/_case.html",
            subject=disposal_sections.of_case,
        ),
    )
    holds.register(HOLD, "handover", handover.holds_on_assets)
    holds.register(HOLD, "survey", survey.holds_on_assets)
    holds.register(HOLD, "operation", operation.holds_on_assets)
    publications.register("disposal", queries.publication)
    summing.changed_by(events.LEFT, events.TRANSFERRED)
    sections.register("asset", disposal_sections.OF_ASSET)
    bulk.register("asset", disposal_sections.BULK)
    desk.register("disposals", cards.of_disposals, order=35)
