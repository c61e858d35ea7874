"""Connections of performance (绩效): cases confirm results, contracts show their grades, disposal asks the last one."""

from django.urls import reverse

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, sections
from mingchan.lifecycle.disposal import queries as disposal
from mingchan.lifecycle.performance import queries
from mingchan.lifecycle.performance import sections as performance_sections
from mingchan.lifecycle.performance.models import Evaluation, Rectification
from mingchan.lifecycle.performance.services import confirming
from mingchan.oversight.disclosure import publications

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {}


def _evaluation(ref: Ref) -> Link | None:
    found = Evaluation.objects.filter(pk=ref.id).values_list("contract__title", "year").first()
    return Link(f"{found[0]} {found[1]}", reverse("performance:evaluation", args=[ref.id])) if found else None


def _fix(ref: Ref) -> Link | None:
    title = Rectification.objects.filter(pk=ref.id).values_list("evaluation__contract__title", flat=True).first()
    return Link(title, reverse("performance:fix", args=[ref.id])) if title else None


def connect() -> None:
    """Make them."""
    protection.register_check(queries.faults)
    links.register("evaluation", _evaluation)
    links.register("rectification", _fix)
    sections.register("contract", performance_sections.OF_CONTRACT)
    disposal.register_performance("grade", queries.well_graded)
    desk.register("performance", performance_sections.of_desk)
    publications.register("evaluation", queries.publication)
    outcomes.register(
        "evaluation",
        Outcome(
            on_approved=confirming.on_approved,
            on_rejected=confirming.on_rejected,
            on_withdrawn=confirming.on_rejected,
            template="performance/_case.html",
            subject=performance_sections.of_case,
        ),
    )
