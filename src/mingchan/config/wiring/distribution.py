"""Connections of distribution (收益分配)."""

from django.urls import reverse

from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, sections
from mingchan.lifecycle.distribution import queries, services
from mingchan.lifecycle.distribution import sections as distribution_sections
from mingchan.lifecycle.distribution.models import Household, Plan, Policy
from mingchan.oversight.disclosure import publications

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {
    "distribution.Roster.content": "what waits to be confirmed, encrypted; emptied when it is applied or given up",
    "distribution.PolicyShare.id": "the row's own number means nothing; a share is known by policy and use",
    "distribution.PolicyWeight.id": "the row's own number means nothing; a weight is known by policy and category",
}


def _plan(ref: Ref) -> Link | None:
    title = Plan.objects.filter(pk=ref.id).values_list("title", flat=True).first()
    return Link(title, reverse("distribution:plan", args=[ref.id])) if title else None


def _policy(ref: Ref) -> Link | None:
    title = Policy.objects.filter(pk=ref.id).values_list("title", flat=True).first()
    return Link(title, reverse("distribution:policy", args=[ref.id])) if title else None


def _household(ref: Ref) -> Link | None:
    number = Household.objects.filter(pk=ref.id).values_list("number", flat=True).first()
    return Link(number, reverse("distribution:household", args=[ref.id])) if number else None


def connect() -> None:
    """Make them."""
    links.register("distribution_plan", _plan)
    links.register("distribution_policy", _policy)
    links.register("household", _household)
    sections.register("asset", distribution_sections.OF_ASSET)
    sections.register("party", distribution_sections.OF_PARTY)
    publications.register("distribution", queries.publication)
    desk.register("distribution", distribution_sections.card, order=40)
    outcomes.register(
        "distribution",
        Outcome(
            on_approved=lambda case, actor, on: services.on_approved(case, actor=actor, on=on),
            on_rejected=lambda case, actor, on: services.on_rejected(case, actor=actor, on=on),
            on_withdrawn=lambda case, actor, on: services.on_withdrawn(case, actor=actor, on=on),
            on_waiting=lambda case, task, actor, on: services.on_waiting(case, task, actor=actor, on=on),
        ),
    )
