"""What desks tell of reports from the public (工作台): what waits for acceptance, what is late."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.oversight.complaints import permissions, queries


def of_complaints(actor: Actor, on: date) -> Card | None:
    """Reports of the reader's divisions; only who handles them is told that they wait (4.3, 2.6.2)."""
    if not actor.may(permissions.VIEW):
        return None
    found, address = queries.counts(actor, on), reverse("complaints:list")
    waits = (Figure(_("待受理的群众反映"), found.received, tone="warn", url=f"{address}?state=RECEIVED"),)
    return Card(
        "complaints",
        _("群众反映"),
        _("群众反映的闲置、损坏、侵占等情况，须在期限内答复"),
        "alert-circle",
        figures=(Figure(_("办理中"), found.under_way, url=f"{address}?state=open"),),
        waiting=waits if actor.may(permissions.HANDLE) else (),
        lapsed=(Figure(_("超期未答复的群众反映"), found.overdue, tone="bad", url=f"{address}?state=overdue"),),
        links=desk.links(actor, ("complaints:list", _("群众反映"), permissions.VIEW)),
    )
