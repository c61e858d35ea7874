"""Who may see and register project money (资金权限)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "funding.view"
REGISTER = "funding.register"
MANAGE = "project.manage"
WITHDRAW = "exchange.withdraw"


def require_register(actor: Actor, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor may register money in every one of the divisions."""
    if not all(actor.may(REGISTER, division) for division in divisions):
        raise NotAllowed(_("您没有在这个区划登记资金的权限"), clauses=("3.1", "4.1"))


def require_withdraw(actor: Actor, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor may take money back (register it, or withdraw imports) in every division."""
    if not all(actor.may(REGISTER, division) or actor.may(WITHDRAW, division) for division in divisions):
        raise NotAllowed(_("您没有在这个区划撤回资金登记的权限"), clauses=("3.1", "4.1"))


def require_manage(actor: Actor, division: str) -> None:
    """Raise NotAllowed unless the actor may maintain projects of the division."""
    if not actor.may(MANAGE, division):
        raise NotAllowed(_("您没有维护这个项目的权限"), clauses=("2.6.1a",))
