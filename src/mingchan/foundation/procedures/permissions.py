"""Who may start, see and decide (审批权限). Every door asks these."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "case.view"
START = "case.start"
DEFINE = "procedure.manage"


class Hat(NamedTuple):
    """A role that an account may act in over a scope, its own or, through a delegation, another account's."""

    role: str
    scope: str
    delegator: int | None = None


def require(actor: Actor, right: str, division: str | None = None) -> None:
    """Raise NotAllowed unless the actor holds the right there."""
    if not actor.may(right, division):
        raise NotAllowed(_("您没有这项权限。"), clauses=("2.4.2c",))


def own_hats(actor: Actor) -> list[Hat]:
    """The roles the actor holds itself. A grant that is limited to one party's things gives no say in a procedure."""
    return [Hat(grant.role, grant.scope) for grant in actor.grants if grant.party_id is None]


def fits(hat: Hat, role: str, division: str) -> bool:
    """Whether a hat is the one that a step asks for."""
    return hat.role == role and division.startswith(hat.scope)


def is_running(valid_from: date, valid_to: date, on: date) -> bool:
    """Whether a delegation counts on a day: from its first day to the day before it ends."""
    return valid_from <= on < valid_to
