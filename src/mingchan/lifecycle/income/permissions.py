"""Who may see and do what with income (收益权限). An operator sees only what is its own."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW, BILL, RECEIVE = "income.view", "income.bill", "income.receive"
REMIT, CLEAR, COUNTERSIGN = "income.remit", "income.clear", "income.countersign"


def require(actor: Actor, right: str, division: str = "") -> None:
    """Raise NotAllowed unless the actor holds the right over the division (the county when none is given)."""
    if not actor.may(right, division or actor.county):
        raise NotAllowed(_("您没有这项权限。"), clauses=("4.1",))


def reach(actor: Actor, *, party: str, division: str = "division_code") -> Q:
    """Rows the actor may see: of its divisions, or of its own party when its grant is limited to one."""
    found = Q(**{f"{party}__in": actor.parties(VIEW)})
    for scope in actor.scopes(VIEW):
        if actor.county.startswith(scope):
            return Q()
        found |= Q(**{f"{division}__startswith": scope})
    return found


def sees_county(actor: Actor) -> bool:
    """Whether the actor sees the whole county's income."""
    return actor.everywhere(VIEW)
