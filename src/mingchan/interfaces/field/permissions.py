"""Who may carry an errand (外业权限): its provider decides; whoever has its capsule may bring photographs back."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account
from mingchan.interfaces.field.models import Capsule
from mingchan.kernel import fieldwork, reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.kernel.fieldwork import Provider

VIEW = "field.view"
ATTACH = "paper.attach"


def require_provider(kind: str) -> Provider:
    """The provider of a kind of errand. Raises NotFound when there is none."""
    found = fieldwork.provider(kind)
    if found is None:
        raise NotFound(_("没有这项外业任务。"))
    return found


def require_account(actor: Actor) -> Account:
    """The account that acts. Raises NotAllowed for the system and for anybody who isn't logged in."""
    if actor.account_id is None:
        raise NotAllowed(_("请先登录。"))
    return Account.objects.only("pk", "name").get(pk=actor.account_id)


def require_errand(kind: str, key: str, *, actor: Actor, on: date) -> Provider:
    """The provider, when the actor was given a capsule of the errand or may have one now.

    Raises what the provider raises otherwise.
    """
    provider = require_provider(kind)
    taken = Capsule.objects.filter(kind=kind, key=key, account=require_account(actor), county=actor.county)
    if not taken.exists():
        provider.capsule(key, actor=actor, on=on)
    return provider


def visible_to(actor: Actor) -> Q:
    """Capsules and deliveries of errands inside the actor's divisions."""
    return reach.inside(actor, VIEW)
