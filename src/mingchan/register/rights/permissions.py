"""Who may confirm rights (确权权限): three duties that three people hold (2.3, reliability of approvals)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "asset.view"
PROPOSE = "right.propose"
CHECK = "right.check"
APPROVE = "right.approve"


def require(actor: Actor, right: str, division: str) -> None:
    """Raises NotAllowed unless the actor holds the right over the whole division."""
    if not actor.may(right, division):
        raise NotAllowed(_("没有在这一区划办理此项确权手续的权限"), clauses=("2.3",))


def may_see(actor: Actor, division: str) -> bool:
    """Whether a batch over the division is anything to the actor: by the register's right or one of the three."""
    return any(actor.may(right, division) for right in (VIEW, PROPOSE, CHECK, APPROVE))
