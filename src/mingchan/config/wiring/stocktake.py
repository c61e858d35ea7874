"""Connections of stocktakes (清查盘点): tasks for the field, cases, holds on cards, the public."""

from django.urls import reverse

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import counts, fieldwork, holds, links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, sections
from mingchan.lifecycle.stocktake import errands, events, queries
from mingchan.lifecycle.stocktake import sections as stocktake_sections
from mingchan.lifecycle.stocktake.models import Difference, Plan, Task
from mingchan.lifecycle.stocktake.services import closing
from mingchan.oversight.disclosure import publications
from mingchan.register.assets.queries import summing

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {
    "stocktake.Line": "each stocktake vouches for its lines by two digests, which the check of stocktakes recomputes",
}
LEFT_OUT: dict[str, str] = {}


def _plan(ref: Ref) -> Link | None:
    found = Plan.objects.filter(pk=ref.id).values_list("number", "title").first()
    return Link(f"{found[0]} {found[1]}", reverse("stocktake:plan", args=[ref.id])) if found else None


def _task(ref: Ref) -> Link | None:
    found = Task.objects.filter(pk=ref.id).values_list("plan__title", "place").first()
    return Link(f"{found[0]} {found[1]}", reverse("stocktake:sheet", args=[ref.id])) if found else None


def _difference(ref: Ref) -> Link | None:
    found = Difference.objects.filter(pk=ref.id).values_list("plan__number", "name").first()
    return Link(f"{found[0]} {found[1]}", reverse("stocktake:difference", args=[ref.id])) if found else None


def connect() -> None:
    """Make them."""
    protection.register_check(queries.faults)
    links.register("stocktake", _plan)
    links.register("stocktake_task", _task)
    links.register("stocktake_difference", _difference)
    fieldwork.register(errands.Provider())
    counts.register(queries.latest)
    holds.register("asset", "stocktake", queries.holds_on_assets)
    summing.changed_by(events.MOVED)
    sections.register("asset", stocktake_sections.OF_ASSET)
    desk.register("stocktake", stocktake_sections.of_desk)
    publications.register("stocktake", queries.publication)
    outcomes.register(
        "stocktake",
        Outcome(
            on_approved=closing.on_approved,
            on_rejected=closing.on_rejected,
            on_withdrawn=closing.on_rejected,
            template="stocktake/_case.html",
            subject=stocktake_sections.of_case,
        ),
    )
