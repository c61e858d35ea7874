"""Taking back a survey that was brought in by mistake (收回调查): it stays to be seen and counts for nothing (3.2)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.register.survey import events, permissions
from mingchan.register.survey.choices import State
from mingchan.register.survey.models import Difference, Survey
from mingchan.register.survey.queries import scoping
from mingchan.register.survey.services import recording


@transaction.atomic
def withdraw(survey_id: int, reason: str, version: int, *, actor: Actor, on: date) -> Survey:
    """Take a survey back from which nothing was decided yet; its sheet may then be brought in anew.

    Serves 3.2. Raises Refusal without a reason, when a difference was decided (cards may rest on it) or the survey is
    over; Stale, NotFound, NotAllowed without `survey.settle` over everything the survey covers.
    """
    survey = recording.locked(survey_id, actor=actor, version=version)
    if not scoping.sees(survey, actor):
        raise NotFound(_("没有这次调查"))
    permissions.require_settle(actor, scoping.divisions_of(survey))
    if not reason.strip():
        raise Refusal(_("请填写收回理由"), clauses=("3.2",), field="conclusion")
    decided = Difference.objects.filter(survey=survey).exclude(decision="").count()
    if decided:
        raise Refusal(_("已处理 %(count)s 条差异，台账可能已据此更正，不能收回") % {"count": decided}, clauses=("3.2",))
    before = recording.whole(survey)
    survey.state = State.WITHDRAWN
    survey.settled_on, survey.settled_by, survey.conclusion = on, actor.name[:50], reason.strip()[:500]
    survey.version += 1
    survey.save()
    recording.changed(events.WITHDRAWN, survey, before, actor=actor, on=on, reason=reason.strip()[:500])
    return survey
