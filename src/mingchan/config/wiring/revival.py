"""Connections of revival (盘活)."""

from django.urls import reverse

from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import holds, links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk, desk, glance, sections
from mingchan.lifecycle.revival import glances, queries
from mingchan.lifecycle.revival import sections as revival_sections
from mingchan.lifecycle.revival.models import Measure, Review, Spell
from mingchan.lifecycle.revival.queries.matching import HOLD
from mingchan.lifecycle.revival.services import deciding
from mingchan.oversight.disclosure import publications
from mingchan.register.handover import queries as handover

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {
    "revival.Part.is_open": "follows the measure's state; it keeps an asset off two measures",
}


def _measure(ref: Ref) -> Link | None:
    number = Measure.objects.filter(pk=ref.id).values_list("number", flat=True).first()
    return Link(number, reverse("revival:measure", args=[ref.id])) if number else None


def _spell(ref: Ref) -> Link | None:
    found = Spell.objects.filter(pk=ref.id).values_list("asset_id", "asset__code", "asset__name").first()
    return Link(f"{found[1]} {found[2]}", reverse("assets:card", args=[found[0]])) if found else None


def _review(ref: Ref) -> Link | None:
    found = Review.objects.filter(pk=ref.id).values_list("measure_id", "measure__number").first()
    return Link(found[1], reverse("revival:measure", args=[found[0]])) if found else None


def connect() -> None:
    """Make them."""
    links.register("revival", _measure)
    links.register("idle_spell", _spell)
    links.register("revival_review", _review)
    holds.register(HOLD, "handover", handover.holds_on_assets)
    sections.register("asset", revival_sections.OF_ASSET)
    bulk.register("asset", revival_sections.BULK)
    desk.register("revival", revival_sections.of_desk, order=35)
    glance.register(glances.GLANCE)
    publications.register("revival", queries.publication)
    outcomes.register(
        "revival",
        Outcome(
            on_approved=deciding.on_approved,
            on_rejected=deciding.on_rejected,
            on_withdrawn=deciding.on_rejected,
            template="revival/_case.html",
            subject=revival_sections.of_case,
        ),
    )
