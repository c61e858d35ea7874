"""Rectifications and what follows from grades (整改、结果应用): terms, talk list, next year's allocation (3.4.2)."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.performance import pack, permissions
from mingchan.lifecycle.performance.choices import FixState, State
from mingchan.lifecycle.performance.models import Evaluation, Rectification
from mingchan.lifecycle.performance.rules import GradeLine

PAGE = 100


class Fix(NamedTuple):
    """A rectification in a list."""

    id: int
    evaluation_id: int
    year: int
    title: str
    operator: str
    state: str
    ordered_on: date
    due_on: date
    closed_on: date | None
    is_sample: bool


_COLUMNS = (
    "id", "evaluation_id", "evaluation__year", "evaluation__contract__title", "evaluation__contract__operator__name",
    "state", "ordered_on", "due_on", "closed_on", "is_sample",
)  # fmt: skip


def _reach(actor: Actor) -> Q:
    seen = Evaluation.objects.filter(permissions.visible_to(actor)).values("pk")
    return Q(county=actor.county, evaluation__in=seen)


def fixes(actor: Actor, state: str, on: date, *, after: int = 0) -> tuple[list[Fix], int]:
    """Rectifications, newest first: all, `open`, `overdue`, or of a state; and the key of the next page (0: none)."""
    found = Rectification.objects.filter(_reach(actor))
    if state == "open":
        found = found.exclude(state=FixState.CLOSED)
    elif state == "overdue":
        found = found.exclude(state=FixState.CLOSED).filter(due_on__lt=on)
    elif state in FixState.values:
        found = found.filter(state=state)
    if after:
        found = found.filter(pk__lt=after)
    shown = [Fix(*row) for row in found.order_by("-pk").values_list(*_COLUMNS)[: PAGE + 1]]
    return shown[:PAGE], shown[PAGE - 1].id if len(shown) > PAGE else 0


def counts(actor: Actor, on: date) -> tuple[int, int, int]:
    """Rectifications that are open, that wait for review, that are late: one statement."""
    found = list(
        Rectification.objects.filter(_reach(actor))
        .exclude(state=FixState.CLOSED)
        .order_by()
        .values_list("state", "due_on")
    )
    return (
        len(found),
        sum(state == FixState.REPORTED for state, _due in found),
        sum(due < on for _state, due in found),
    )


def fix(fix_id: int, actor: Actor) -> Rectification:
    """One rectification with its evaluation. Raises NotFound where the actor sees none."""
    found = (
        Rectification.objects.filter(_reach(actor), pk=fix_id)
        .select_related("evaluation__contract__operator", "evaluation__evaluator")
        .first()
    )
    if found is None:
        raise NotFound(_("没有这项整改"))
    return found


class Consequence(NamedTuple):
    """What follows from a confirmed grade: the next year's allocation in ten-thousandths of this one, a talk (约谈)."""

    evaluation_id: int
    contract_id: int
    title: str
    operator: str
    division_code: str
    points: int
    grade: GradeLine


def consequences(actor: Actor, year: int) -> list[Consequence]:
    """Confirmed grades of a year with what follows from each, the lowest first (2.4.2d, 3.4.2)."""
    found = (
        Evaluation.objects.filter(permissions.visible_to(actor), year=year, state=State.CONFIRMED)
        .order_by("points", "pk")
        .values_list(
            "id", "contract_id", "contract__title", "contract__operator__name", "division_code", "points", "grade",
            "indicators",
        )
    )  # fmt: skip
    return [
        Consequence(key, contract, title, operator, division, points or 0, pack.read(used).line(grade))
        for key, contract, title, operator, division, points, grade, used in found
    ]
