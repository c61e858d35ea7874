"""Who may see and handle reports (群众反映权限): the offices over the division that handles them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.oversight.complaints.models import Complaint

VIEW, HANDLE = "complaint.view", "complaint.handle"


def visible_to(actor: Actor) -> Q:
    """Reports handled inside the actor's divisions."""
    return reach.inside(actor, VIEW, fields=("handled_in",))


def may_handle(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor's office handles the report."""
    return complaint.county == actor.county and actor.may(HANDLE, complaint.handled_in)


def require_handle(actor: Actor, complaint: Complaint | None) -> Complaint:
    """The report. Raises NotFound where the actor may see none, NotAllowed where it may see but not handle it."""
    if (
        complaint is None
        or complaint.county != actor.county
        or not any(actor.may(right, complaint.handled_in) for right in (VIEW, HANDLE))
    ):
        raise NotFound(_("没有这条群众反映。"))
    if not may_handle(actor, complaint):
        raise NotAllowed(_("这条群众反映由其他单位办理，您可以查看，不能办理。"), clauses=("4.3", "4.1"))
    return complaint


def require_record(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may write down a report that came by telephone or in person."""
    if not actor.may(HANDLE):
        raise NotAllowed(_("您没有登记群众反映的权限。"), clauses=("4.3", "4.1"))
