"""Who may read and issue institutions (制度权限)."""

from django.utils.translation import gettext_lazy as _

from mingchan.foundation.institutions.models import Document
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound

VIEW, ISSUE = "institution.view", "institution.issue"


def require_issue(actor: Actor) -> None:
    """Raise NotAllowed unless the actor issues the county's institutions."""
    if not actor.may(ISSUE, actor.county):
        raise NotAllowed(_("您没有印发制度的权限。"), clauses=("4.2",))


def document(actor: Actor, found: Document | None) -> Document:
    """The institution. Raises NotFound when there is none in the actor's county."""
    if found is None or found.county != actor.county or not actor.may(VIEW):
        raise NotFound(_("没有这项制度。"))
    return found
