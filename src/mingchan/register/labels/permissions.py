"""Who may print, claim and change labels (标签权限)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.register.assets.models import Asset

VIEW, PRINT, CLAIM = "asset.view", "label.print", "label.claim"


def may_claim(actor: Actor, asset: Asset) -> bool:
    """Whether the actor puts labels on the asset and takes them off."""
    return asset.county == actor.county and actor.may(CLAIM, asset.division_code or asset.county)


def require_claim(actor: Actor, asset: Asset | None) -> Asset:
    """The asset. Raises NotFound where the actor may not see it, NotAllowed where it may see but not label it."""
    if asset is None or asset.county != actor.county:
        raise NotFound(_("没有这张资产卡片"))
    division = asset.division_code or asset.county
    if not actor.may(VIEW, division) and not actor.may(CLAIM, division):
        raise NotFound(_("没有这张资产卡片"))
    if not may_claim(actor, asset):
        raise NotAllowed(_("您没有在这个区划认领、更换标签的权限。"), clauses=("2.6.1b",))
    return asset


def require_print(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may make labels."""
    if not actor.may(PRINT):
        raise NotAllowed(_("您没有印制标签的权限。"), clauses=("2.6.1b",))
