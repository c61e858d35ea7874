"""Who may see and assign keepers (管护权限)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "asset.view"
ASSIGN = "custody.assign"


def may_assign(actor: Actor, division: str) -> bool:
    """Whether the actor assigns keepers in the division."""
    return actor.may(ASSIGN, division or actor.county)


def require_assign(actor: Actor, division: str) -> None:
    """Raise NotAllowed unless the actor assigns keepers in the division."""
    if not may_assign(actor, division):
        raise NotAllowed(_("您没有在这个区划落实管护人的权限。"), clauses=("2.6.1b",))
