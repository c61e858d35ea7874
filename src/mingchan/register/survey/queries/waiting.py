"""Surveys that wait to be settled (待处理的调查): for the desk of whoever may settle (3.2)."""

from typing import NamedTuple

from django.db.models import Count

from mingchan.kernel.actor import Actor
from mingchan.register.survey import permissions
from mingchan.register.survey.choices import OVER
from mingchan.register.survey.models import Difference
from mingchan.register.survey.queries.scoping import inside

MOST = 3
"""A county has one or two surveys at work; a desk names no more of them than this."""


class Open(NamedTuple):
    """A survey with differences that nobody has decided."""

    survey: int
    title: str
    differences: int


def open_for(actor: Actor) -> list[Open]:
    """Surveys with undecided differences that the actor may settle, the newest first."""
    if not actor.may(permissions.SETTLE):
        return []
    rows = Difference.objects.filter(
        inside(actor, permissions.SETTLE), survey__county=actor.county, decision=""
    ).exclude(survey__state__in=OVER)
    counted = rows.order_by().values_list("survey_id", "survey__title").annotate(n=Count("pk"))
    return [Open(*row) for row in counted.order_by("-survey_id")[:MOST]]
