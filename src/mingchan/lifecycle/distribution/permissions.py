"""Who may see households and distribute income (收益分配权限)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW_HOUSEHOLDS = "household.view"
IMPORT = "household.import"
VIEW = "distribution.view"
RULE = "distribution.rule"
PLAN = "distribution.plan"
FILE = "distribution.file"
PAY = "distribution.pay"
SPEND = "distribution.spend"
BANK_FILE = "distribution.export"
REVEAL = "personal.reveal"


def require(actor: Actor, right: str, division: str, clauses: tuple[str, ...] = ("2.5a",)) -> None:
    """Raise NotAllowed unless the actor holds the right over the division."""
    if not actor.may(right, division):
        raise NotAllowed(_("您没有在这个区划办理这件事的权限。"), clauses=clauses)


def require_all(actor: Actor, right: str, divisions: Iterable[str], clauses: tuple[str, ...] = ("2.5a",)) -> None:
    """As `require`, for many divisions."""
    for division in sorted(set(divisions)):
        require(actor, right, division, clauses)
