"""Who may see and make links between payments and assets (追溯权限)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "funding.view"
LINK = "tracing.link"


def require_link(actor: Actor, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor may link payments and assets in every one of the divisions."""
    if not all(actor.may(LINK, division or actor.county) for division in divisions):
        raise NotAllowed(_("您没有在这个区划关联支出与资产的权限"), clauses=("2.1.1", "3.1"))
