"""Cases at their notice step (等待公示): each gets its draft by itself; what is no longer awaited ends (2.4.2c)."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mingchan.foundation.procedures.choices import CaseStatus, TaskStatus
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.actor import Actor
from mingchan.oversight.disclosure import publications
from mingchan.oversight.disclosure.choices import NoticeState
from mingchan.oversight.disclosure.models import Notice
from mingchan.oversight.disclosure.services import drafting, publishing

WAITS = "notice"
_LIVE = (NoticeState.DRAFT, NoticeState.PUBLISHED)


def on_waiting(case: Case, task: Task, *, actor: Actor, on: date) -> None:
    """A case came to wait: at its notice step a notice is drafted, once, from what the case makes public.

    Called by procedures in the transaction of the step, whoever took it; a notice of an earlier round ends with it.
    """
    if task.waits != WAITS:
        return
    _end_stale(case, _("事项已修改，重新办理"), actor=actor, on=on)
    if Notice.objects.filter(task=task, state__in=_LIVE).exists():
        return
    drafting.draft(publications.of(case), case=case, task=task, actor=actor, on=on)


def on_withdrawn(case: Case, *, actor: Actor, on: date) -> None:
    """A case was taken back: its draft is dropped, its running notice withdrawn."""
    _end_stale(case, _("事项已撤回"), actor=actor, on=on)


def on_amended(case: Case, *, actor: Actor, on: date) -> None:
    """A case's file changed and its way begins anew: its draft is dropped, its running notice withdrawn, at once."""
    _end_stale(case, _("事项已修改，重新办理"), actor=actor, on=on)


def _end_stale(case: Case, why: str, *, actor: Actor, on: date) -> None:
    """End the case's notices whose step no longer waits, drafts of corrections before what they correct."""
    rows = Notice.objects.select_for_update(of=("self",)).filter(case=case, state__in=_LIVE, task__isnull=False)
    found = [row for row in rows.order_by("id") if not publishing.is_awaited(row)]
    for row in sorted(found, key=lambda one: one.state != NoticeState.DRAFT):
        publishing.ended(row, why, actor=actor, on=on)


def draft_missing(*, actor: Actor, on: date) -> int:
    """Draft notices for cases that wait without one, and end those that nobody awaits any more; how many were drafted.

    Cases that were waiting before this was there, and cases changed since their notice began, are found by this.
    """
    live = Notice.objects.filter(task=OuterRef("pk"), state__in=_LIVE)
    lost = Task.objects.filter(
        ~Exists(live), county=actor.county, waits=WAITS, status=TaskStatus.WAITING, case__status=CaseStatus.RUNNING
    )
    count = 0
    for task in lost.select_related("case").order_by("id"):
        with transaction.atomic():
            on_waiting(task.case, task, actor=actor, on=on)
        count += 1
    stale = Notice.objects.filter(county=actor.county, state__in=_LIVE, task__isnull=False)
    for case in Case.objects.filter(pk__in=stale.exclude(task__status=TaskStatus.WAITING).values("case_id")):
        with transaction.atomic():
            _end_stale(case, _("事项已修改，重新办理"), actor=actor, on=on)
    return count
