"""What desks tell of institutions (工作台): what their reader still has to read."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.institutions import permissions, queries
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure


def of_institutions(actor: Actor, on: date) -> Card | None:
    """Required reading, late and in time (4.2)."""
    if not actor.may(permissions.VIEW):
        return None
    found, address = queries.duties(actor, on), reverse("institutions:list")
    one = reverse("institutions:detail", args=[found[0].version.document_id]) if len(found) == 1 else address
    late = sum(duty.late for duty in found)
    return Card(
        "institutions",
        _("制度"),
        _("本县资产管理制度，按要求阅知"),
        "book-2",
        waiting=(Figure(_("待阅知的制度"), len(found) - late, tone="warn", url=one),),
        lapsed=(Figure(_("逾期未阅知的制度"), late, tone="bad", url=one),),
        links=desk.links(actor, ("institutions:list", _("制度库"), permissions.VIEW)),
    )
