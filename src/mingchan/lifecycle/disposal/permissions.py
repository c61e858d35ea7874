"""Who may see, propose, appraise, execute and settle (处置权限). Every door asks these."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.lifecycle.disposal.models import Disposal

VIEW = "disposal.view"
PROPOSE = "disposal.propose"
APPRAISE = "disposal.appraise"
EXECUTE = "disposal.execute"
SETTLE = "disposal.settle"


def visible_to(actor: Actor) -> Q:
    """Disposals of the divisions over which the actor may see them."""
    found = Q(pk__in=())
    for scope in actor.scopes(VIEW):
        found |= Q(division_code__startswith=scope)
    return Q(county=actor.county) & found


def may(actor: Actor, right: str, disposal: Disposal) -> bool:
    """Whether the actor holds the right over the disposal's division."""
    return actor.may(right, disposal.division_code)


def require(actor: Actor, right: str, disposal: Disposal | None) -> Disposal:
    """The disposal. Raises NotFound out of the actor's sight, NotAllowed without the right there."""
    if disposal is None or not (may(actor, VIEW, disposal) or may(actor, right, disposal)):
        raise NotFound(_("没有这个处置方案"))
    if not may(actor, right, disposal):
        raise NotAllowed(_("您没有这项权限。"), clauses=("3.4.3a",))
    return disposal


def require_over(actor: Actor, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor proposes disposals over every one of the divisions."""
    if not all(actor.may(PROPOSE, division or actor.county) for division in divisions):
        raise NotAllowed(_("没有对所选全部资产提出处置的权限"), clauses=("3.4.3a",))
