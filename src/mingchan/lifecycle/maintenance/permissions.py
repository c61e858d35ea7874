"""Who sees, plans, inspects and repairs (巡查维修权限): by division; an operator also reports its own faults."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.lifecycle.maintenance.models import Order, Round
from mingchan.register.assets.models import Asset

VIEW, PLAN, INSPECT, ORDER = (f"maintenance.{verb}" for verb in ("view", "plan", "inspect", "order"))
_CLAUSES = ("2.6.1b",)


def in_reach(actor: Actor, right: str = VIEW) -> Q:
    """Rows of a table with county and division inside the actor's divisions."""
    return reach.inside(actor, right)


def orders_of(actor: Actor, right: str = VIEW) -> Q:
    """Repairs that the actor may see: of its divisions, and of things that its own party runs, uses or owns."""
    found = in_reach(actor, right)
    if parties := actor.parties(right):
        own = Q(asset__operator__in=parties) | Q(asset__user__in=parties) | Q(asset__owner__in=parties)
        found |= Q(county=actor.county) & own
    return found


def may_report(actor: Actor, asset: Asset) -> bool:
    """Whether the actor may report a fault of the asset."""
    division = asset.division_code or asset.county
    if asset.county != actor.county:
        return False
    if actor.may(INSPECT, division) or actor.may(ORDER, division):
        return True
    return bool({asset.operator_id, asset.user_id, asset.owner_id} & set(actor.parties(INSPECT)))


def _require(actor: Actor, row: Any, right: str, gone: Any, words: Any) -> None:
    if row is None or row.county != actor.county:
        raise NotFound(gone)
    if not actor.may(VIEW, row.division_code) and not actor.may(right, row.division_code):
        raise NotFound(gone)
    if not actor.may(right, row.division_code):
        raise NotAllowed(words, clauses=_CLAUSES)


def require_round(actor: Actor, found: Round | None, right: str = INSPECT) -> Round:
    """The round. Raises NotFound where the actor may see none, NotAllowed where it may see but not do this."""
    _require(actor, found, right, _("没有这次巡查"), _("您没有在这个区划办理巡查的权限。"))
    assert found is not None
    return found


def require_order(actor: Actor, found: Order | None, right: str = ORDER) -> Order:
    """The repair; raises as `require_round`."""
    _require(actor, found, right, _("没有这张维修单"), _("您没有在这个区划派工、验收的权限。"))
    assert found is not None
    return found


def require_plan(actor: Actor, division: str) -> None:
    """Raise NotAllowed unless the actor plans inspections in the division."""
    if not actor.may(PLAN, division):
        raise NotAllowed(_("您没有在这个区划安排巡查的权限。"), clauses=_CLAUSES)
