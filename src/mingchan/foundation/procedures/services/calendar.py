"""Days that a county puts right (调休): once the yearly notice of the State Council is out, or for a day of its own."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import events, permissions
from mingchan.foundation.procedures.models import DayException
from mingchan.foundation.procedures.queries import documents
from mingchan.foundation.procedures.services import running
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal


@transaction.atomic
def set_day(day: date, *, is_working: bool, note: str = "", actor: Actor, on: date) -> DayException:
    """Say whether a day is worked. Terms counted from now on respect it; those already set stay.

    Raises Refusal when that is what the day is anyway, NotAllowed without `procedure.manage`. Serves 4.2.
    """
    permissions.require(actor, permissions.DEFINE, actor.county)
    found = DayException.objects.select_for_update().filter(county=actor.county, day=day).first()
    if found is not None and found.is_working == is_working:
        raise Refusal(_("这一天已经是这样设定的"), clauses=("4.2",), field="day")
    before = None if found is None else running.whole(documents.DAY, found)
    row = found or DayException(county=actor.county, day=day)
    row.is_working, row.note = is_working, note.strip()[:60]
    row.save()
    running.record(
        events.DAY_SET,
        documents.DAY,
        row,
        before=before,
        division=actor.county,
        actor=actor,
        on=on,
        facts={"day": day.isoformat(), "what": _("上班") if is_working else _("休息")},
    )
    return row
