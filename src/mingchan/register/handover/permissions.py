"""Who may see, draft, check and sign handover lists (移交权限).

A list belongs to both sides: whoever holds the right over the division of either may use it.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.register.handover.models import Handover

VIEW, DRAFT, CHECK, SIGN = "handover.view", "handover.draft", "handover.check", "handover.sign"
ATTACH = "paper.attach"


def visible_to(actor: Actor, right: str = VIEW) -> Q:
    """Lists one of whose sides lies in the actor's divisions."""
    return reach.inside(actor, right, fields=("from_division", "to_division"))


def may(actor: Actor, right: str, handover: Handover) -> bool:
    """Whether the actor holds the right over one of the sides."""
    return handover.county == actor.county and any(
        actor.may(right, division) for division in (handover.from_division, handover.to_division)
    )


def require(actor: Actor, right: str, handover: Handover | None) -> Handover:
    """The list. Raises NotFound when there is none or the actor may not see it, NotAllowed without the right."""
    if handover is None or not (may(actor, VIEW, handover) or may(actor, right, handover)):
        raise NotFound(_("没有这份移交清单"))
    if not may(actor, right, handover):
        raise NotAllowed(_("没有办理这份移交清单的权限"), clauses=("3.3", "4.1"))
    return handover


def require_over(actor: Actor, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor may draft lists over every one of the divisions."""
    if not all(actor.may(DRAFT, division or actor.county) for division in divisions):
        raise NotAllowed(_("没有在这个区划拟定移交清单的权限"), clauses=("3.3", "4.1"))


def place_of_photo(actor: Actor, divisions: Iterable[str]) -> str:
    """The first of the divisions in which the actor may attach papers. Raises NotAllowed when there is none."""
    for division in divisions:
        if division and actor.may(ATTACH, division):
            return division
    raise NotAllowed(_("没有在该区划上传附件的权限。"), clauses=("3.3",))
