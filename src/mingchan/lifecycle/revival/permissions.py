"""Who may see the pool, propose measures and review what came of them (盘活权限)."""

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.lifecycle.revival.models import Measure

VIEW, PROPOSE, REVIEW = "revival.view", "revival.propose", "revival.review"


def reach(actor: Actor, field: str = "division_code", right: str = VIEW) -> Q:
    """What lies within the actor's divisions, as a condition; nothing to narrow for who sees the county."""
    found = Q(pk__in=())
    for scope in actor.scopes(right):
        if actor.county.startswith(scope):
            return Q()
        found |= Q(**{f"{field}__startswith": scope})
    return found


def require(actor: Actor, right: str, measure: Measure | None) -> Measure:
    """The measure. Raises NotFound when there is none in sight, NotAllowed without the right over its division."""
    if measure is None or not (actor.may(VIEW, measure.division_code) or actor.may(right, measure.division_code)):
        raise NotFound(_("没有这项盘活措施"))
    if not actor.may(right, measure.division_code):
        raise NotAllowed(_("没有办理这项盘活措施的权限"), clauses=("2.6.2",))
    return measure


def require_over(actor: Actor, right: str, division: str) -> None:
    """Raise NotAllowed without the right over a division."""
    if not actor.may(right, division or actor.county):
        raise NotAllowed(_("没有在这个区划办理盘活事项的权限"), clauses=("2.6.2",))


def by_the_clock(county: str) -> Actor:
    """Who looks through the register every night."""
    grant = Grant("clock", county, frozenset({VIEW, PROPOSE}))
    return replace(Actor(None, "系统", county, source="scheduler"), grants=(grant,))
