"""Which cards a survey covers, and which surveys, rows and differences an actor may see (3.2)."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries.filtering import in_divisions
from mingchan.register.survey import permissions, rules
from mingchan.register.survey.models import Survey

GROUPS = ("system", "tier", "six_class")


def divisions_of(survey: Survey) -> list[str]:
    """The division codes that a survey covers; the county's when none is named."""
    return [code for code in survey.scope.split(",") if code] or [survey.county.ljust(12, "0")]


def systems_of(survey: Survey) -> list[str]:
    """The systems that a survey covers; empty for all."""
    return [system for system in survey.systems.split(",") if system]


def scoped_cards(survey: Survey) -> "QuerySet[Any]":
    """The cards that count and that a survey should have found."""
    cards: QuerySet[Any] = Asset.objects.filter(county=survey.county, status=Status.ACTIVE)
    cards = in_divisions([code for code in survey.scope.split(",") if code], cards, in_order=False)
    systems = systems_of(survey)
    return cards.filter(system__in=systems) if systems else cards


def figures(survey: Survey) -> list[list[Any]]:
    """The covered cards by system, tier and class: [system, tier, class, count, quantity in thousandths, fen]."""
    rows = scoped_cards(survey).order_by().values_list(*GROUPS)
    rows = rows.annotate(n=Count("pk"), q=Sum("quantity_milli"), c=Sum("cost_fen"))
    return sorted([*row[:3], int(row[3]), int(row[4]), int(row[5])] for row in rows)


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees surveys of the whole county."""
    return actor.everywhere(permissions.VIEW)


def inside(actor: Actor, right: str = permissions.VIEW) -> Q:
    """Rows and differences inside the actor's divisions."""
    if actor.everywhere(right):
        return Q()
    found = Q(pk__in=[])
    for scope in actor.scopes(right):
        found |= Q(division_code__startswith=scope)
    return found


def sees(survey: Survey, actor: Actor) -> bool:
    """Whether a survey covers something that the actor may see."""
    if survey.county != actor.county:
        return False
    scopes = actor.scopes(permissions.VIEW)
    if any(survey.county.startswith(scope) for scope in scopes):
        return True
    return any(
        rules.within(scope.ljust(12, "0"), division) or division.startswith(scope)
        for scope in scopes
        for division in divisions_of(survey)
    )


def survey(survey_id: int, actor: Actor) -> Survey:
    """A survey the actor may see. Raises NotFound otherwise, as if there were none."""
    found = Survey.objects.select_related("surveyor", "commissioner").filter(pk=survey_id, county=actor.county).first()
    if found is None or not sees(found, actor):
        raise NotFound(_("没有这次调查"))
    return found
