"""Measures of handing over (按移交计量): lists carried out, of all that were drafted and not withdrawn (3.3)."""

from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.oversight.workplan.choices import Unit
from mingchan.oversight.workplan.measures.readings import Measure, Reading
from mingchan.register.handover.choices import State
from mingchan.register.handover.models import Handover


def _handovers_done(actor: Actor, day: date | None) -> Reading | None:
    """Lists signed by both and carried out."""
    if not actor.may("handover.view", actor.county):
        return None
    lists = Handover.objects.filter(county=actor.county)
    if day is None:
        found = lists.exclude(state=State.CANCELLED).aggregate(
            total=Count("pk"), done=Count("pk", filter=Q(state=State.EXECUTED))
        )
    else:
        standing = lists.filter(drafted_on__lte=day).exclude(cancelled_on__lte=day)
        found = standing.aggregate(total=Count("pk"), done=Count("pk", filter=Q(executed_on__lte=day)))
    return Reading(found["done"], found["total"])


MEASURES = (Measure("handovers_done", Unit.LISTS, _("移交清单双方签字并办结"), _handovers_done, route="handover:list"),)
