"""Who may see, draft, publish and prove notices, see and handle objections (公示权限). Every door asks these."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW, DRAFT, PUBLISH, POST = "notice.view", "notice.draft", "notice.publish", "notice.post"
SEE_OBJECTIONS, HANDLE = "objection.view", "objection.handle"
REVEAL = "personal.reveal"


def require(actor: Actor, right: str, division: str) -> None:
    """Raise NotAllowed unless the actor holds the right over the division."""
    if not actor.may(right, division):
        raise NotAllowed(_("您在这个区划没有这项权限。"), clauses=("3.4.3a",))
