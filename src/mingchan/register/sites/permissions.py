"""Who may see sites, keep their files and move assets between them (站点权限)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "asset.view"
MANAGE = "site.manage"
MOVE = "asset.move"
SPLIT = "asset.split"
EXPORT = "asset.export"
ATTACH = "paper.attach"


def require(actor: Actor, right: str, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor holds the right over every one of the divisions (the county for a blank)."""
    if not all(actor.may(right, division or actor.county) for division in divisions):
        raise NotAllowed(_("这个站点不在您可以办理的区划之内"), clauses=("2.6.1b",))
