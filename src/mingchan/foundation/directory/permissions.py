"""Who may do what in the directory (组织权限). Every door asks these."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "directory.view"
MANAGE_PARTIES = "party.manage"
REVEAL = "personal.reveal"
VIEW_ACCOUNTS = "account.view"
MANAGE_ACCOUNTS = "account.manage"
GIVE_GRANTS = "grant.give"
PROPOSE = (MANAGE_PARTIES, "asset.register", "exchange.import", "funding.register")
"""Rights that let one name a new party in a list; it stays unconfirmed until `party.manage` confirms it."""


def require(actor: Actor, right: str, division: str | None = None, *, clauses: tuple[str, ...] = ("4.1",)) -> None:
    """Raise NotAllowed unless the actor holds the right, over the division when one is given."""
    if not actor.may(right, division):
        raise NotAllowed(_("您没有这项权限。"), clauses=clauses)


def require_proposal(actor: Actor, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor may name new parties in every one of the divisions."""
    for division in divisions:
        if not any(actor.may(right, division) for right in PROPOSE):
            raise NotAllowed(_("您没有在该区划登记主体的权限。"), clauses=("2.2", "2.3"))


def require_another(actor: Actor, account_id: int) -> None:
    """Raise NotAllowed when the actor acts on its own account: nobody gives, takes or resets for himself."""
    if actor.account_id == account_id:
        raise NotAllowed(_("不能为自己授权、收权或重置口令，须由他人办理。"), clauses=("4.1",))
