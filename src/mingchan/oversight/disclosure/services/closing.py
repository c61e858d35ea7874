"""Closing notices whose period is over (公示期满): on demand and each night; the case that waited goes on."""

import logging
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import services as procedures
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.oversight.disclosure import events, permissions, rules, wording
from mingchan.oversight.disclosure.choices import NoticeOutcome, NoticeState
from mingchan.oversight.disclosure.models import Notice
from mingchan.oversight.disclosure.queries import documents, standing
from mingchan.oversight.disclosure.services import keeping

logger = logging.getLogger("mingchan.disclosure")


@transaction.atomic
def close(notice_id: int, *, actor: Actor, on: date) -> Notice:
    """Close a notice whose last day has passed and wake the case that waits for it. Serves 2.4.2c, 3.4.3a.

    The case hears `notice_outcome` (PASSED, or UPHELD when an objection was upheld in whole or in part) and the number
    of `objections`. Raises NotAllowed without `notice.publish`; Refusal before the end, with an open objection, without
    proof or reason for each board, while a correction is being drafted, and with procedures' own reason when the case
    can't go on: then nothing is closed.
    """
    notice = keeping.locked(notice_id, permissions.PUBLISH, actor=actor)
    found = standing.of(notice)
    blocked = rules.why_not_close(found, on)
    if blocked is not None:
        raise Refusal(wording.blocked(blocked, notice, found), clauses=keeping.CLAUSES)
    outcome = NoticeOutcome.UPHELD if standing.was_upheld(notice) else NoticeOutcome.PASSED
    before = keeping.whole(documents.NOTICE, notice)
    notice.state, notice.closed_on, notice.closed_by, notice.outcome = NoticeState.CLOSED, on, actor.name, outcome
    keeping.save(notice, events.CLOSED, before, actor=actor, on=on, facts={"outcome": notice.get_outcome_display()})
    if notice.task is not None and notice.case is not None:
        if outcome == NoticeOutcome.UPHELD and "notice_outcome" not in notice.case.content:
            raise Refusal(
                _("异议成立，但这项流程没有画出退回的路。请经办人修改事项后重新办理，这份公示随之撤销"),
                clauses=keeping.CLAUSES,
            )
        facts = {"notice_outcome": outcome.value, "objections": standing.objections(notice)}
        procedures.signal(notice.case.pk, "notice", facts=facts, actor=actor, on=on)
        notice.case.refresh_from_db()
    return notice


def close_over(*, actor: Actor, on: date) -> tuple[int, int]:
    """Close every notice of the county whose period is over, each by itself; how many were closed and how many not.

    One that can't be closed yet (an open objection, no proof) stays running and is told in the log of the program.
    """
    over = Notice.objects.filter(county=actor.county, state=NoticeState.PUBLISHED, last_day__lt=on)
    closed = held = 0
    for key in list(over.order_by("id").values_list("pk", flat=True)):
        try:
            close(key, actor=actor, on=on)
            closed += 1
        except Refusal as why:
            held += 1
            logger.info("notice %s stays open: %s", key, why)
    return closed, held
