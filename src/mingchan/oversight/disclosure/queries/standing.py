"""How a notice stands (公示情况): its open objections, boards without proof, and whether its case still waits."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingchan.foundation.procedures.choices import CaseStatus, TaskStatus
from mingchan.oversight.disclosure.choices import WAITING, NoticeState, ObjectionVerdict, PlaceKind
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection, Posting
from mingchan.oversight.disclosure.rules import Standing


def holding(notice: Notice) -> QuerySet[Objection]:
    """Objections that hold the notice: raised in time to it or to another of its line, not answered yet."""
    return Objection.objects.filter(notice__origin_id=notice.origin_id, state__in=WAITING, is_late=False)


def unproven(notice: Notice) -> QuerySet[NoticePlace]:
    """Boards of the notice that have neither proof nor a reason."""
    proof = Posting.objects.filter(place=OuterRef("pk"))
    return NoticePlace.objects.filter(~Exists(proof), notice=notice, kind=PlaceKind.BOARD)


def of(notice: Notice) -> Standing:
    """What decides whether the notice may be closed."""
    task, case = notice.task, notice.case
    return Standing(
        is_running=notice.state == NoticeState.PUBLISHED,
        last_day=notice.last_day,
        open_objections=holding(notice).count(),
        unproven=unproven(notice).count(),
        has_correction=Notice.objects.filter(supersedes=notice).exclude(state=NoticeState.DROPPED).exists(),
        is_awaited=task is None
        or case is None
        or (task.status == TaskStatus.WAITING and case.status == CaseStatus.RUNNING),
    )


def _counted(notice: Notice) -> QuerySet[Objection]:
    """Objections this notice must reckon with: its own, and others of its line answered since it began."""
    return Objection.objects.filter(
        Q(notice=notice) | Q(notice__origin_id=notice.origin_id, answered_at__gt=notice.published_at), is_late=False
    )


def was_upheld(notice: Notice) -> bool:
    """Whether an objection in time was upheld, in whole or in part."""
    return _counted(notice).filter(verdict__in=(ObjectionVerdict.UPHELD, ObjectionVerdict.PARTLY)).exists()


def objections(notice: Notice) -> int:
    """How many objections in time the notice had."""
    return _counted(notice).count()


def is_overdue(objection: Objection, on: date) -> bool:
    """Whether the answer is late for the office."""
    return objection.state in WAITING and objection.due_on < on
