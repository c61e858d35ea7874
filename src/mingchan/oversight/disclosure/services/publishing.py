"""Publishing notices (发布), withdrawing them (撤销), printing them for the boards (张贴件)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.choices import CaseStatus, TaskStatus
from mingchan.foundation.procedures.queries import calendar
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure import events, permissions, rules, wording
from mingchan.oversight.disclosure.choices import NoticeState
from mingchan.oversight.disclosure.models import Notice, NoticePlace
from mingchan.oversight.disclosure.queries import documents
from mingchan.oversight.disclosure.services import keeping


def is_awaited(notice: Notice) -> bool:
    """Whether the case that the notice was made for still waits for it; true for a notice without a case."""
    if notice.task is None or notice.case is None:
        return True
    return notice.task.status == TaskStatus.WAITING and notice.case.status == CaseStatus.RUNNING


def period_of(notice: Notice, on: date) -> rules.Period:
    """The period the notice would have if it were published on a day."""
    return rules.period(on, notice.days, notice.unit, calendar.exceptions(notice.county))


def writers_of(notice: Notice) -> tuple[int | None, ...]:
    """Accounts that had a hand in a draft: who drafted it, who changed it last, whose matter it is."""
    return notice.drafter_id, notice.editor_id, notice.case.drafter_id if notice.case is not None else None


def needs_other(notice: Notice, actor: Actor) -> bool:
    """Whether somebody else must publish the draft: drafting and publishing are the work of two persons."""
    return not rules.may_publish(actor.account_id, writers_of(notice))


@transaction.atomic
def publish(notice_id: int, version: int, *, actor: Actor, on: date) -> Notice:
    """Publish a draft: number it, compute its period, freeze its words under their digest. Serves 2.4.2c, 3.4.3a, 1.2b.

    A correction ends the notice that it replaces; its period is counted anew. Raises NotAllowed without
    `notice.publish` over the division and for who drafted or changed the words or brought the matter in (two persons),
    Stale; Refusal, naming each place, while an identity, phone or account number or
    a name in a column of people remains, without a place, and when the case no longer waits for it.
    """
    notice = keeping.locked(notice_id, permissions.PUBLISH, actor=actor)
    if notice.state != NoticeState.DRAFT:
        raise Refusal(_("这份公示不是拟稿，不能发布"), clauses=keeping.CLAUSES)
    keeping.current(notice, version)
    if needs_other(notice, actor):
        raise NotAllowed(
            _("拟稿、改稿或经办这件事项的人不能发布这份公示，请由另一人核对后发布"), clauses=keeping.CLAUSES
        )
    if not is_awaited(notice):
        raise Refusal(_("事项已不在等待这份公示，请先查看事项"), clauses=keeping.CLAUSES)
    left = rules.remaining(documents.content_of(notice))
    if left:
        raise Refusal(
            _("公示内容里还有个人信息，不能发布：%(where)s。请改写，或用“按规则遮盖”")
            % {"where": wording.places(left)},
            clauses=("1.2b",),
        )
    if not NoticePlace.objects.filter(notice=notice).exists():
        raise Refusal(_("请至少选一个公示场所"), clauses=("3.4.3b",), field="places")
    old = _replaced(notice)
    before = keeping.whole(documents.NOTICE, notice)
    _freeze(notice, actor, on)
    keeping.save(
        notice, events.PUBLISHED, before, actor=actor, on=on, reason=notice.correction_reason,
        facts={"last": notice.last_day},
    )  # fmt: skip
    if old is not None and old.state == NoticeState.PUBLISHED:
        was = keeping.whole(documents.NOTICE, old)
        old.state, old.ended_on, old.ended_reason = NoticeState.CORRECTED, on, notice.correction_reason
        keeping.save(
            old, events.CORRECTED, was, actor=actor, on=on, reason=notice.correction_reason,
            facts={"by": notice.number},
        )  # fmt: skip
    return notice


def _replaced(notice: Notice) -> Notice | None:
    """The notice that this one corrects, locked. Raises Refusal when it has gone another way meanwhile."""
    if notice.supersedes_id is None:
        return None
    old = Notice.objects.select_for_update(of=("self",)).get(pk=notice.supersedes_id)
    if old.state not in (NoticeState.PUBLISHED, NoticeState.CLOSED):
        raise Refusal(_("原公示已撤销，更正稿不能再发布"), clauses=keeping.CLAUSES)
    return old


def _freeze(notice: Notice, actor: Actor, on: date) -> None:
    reserve_ids(Notice, 1)  # takes the table's lock, so that two publishing at once don't get one number
    last = Notice.objects.filter(county=notice.county, year=on.year).aggregate(last=Max("serial"))["last"] or 0
    word = policy.thresholds()["notice.number_word"].value
    notice.state = NoticeState.PUBLISHED
    notice.year, notice.serial = on.year, last + 1
    notice.number, notice.slug = f"{word}〔{on.year}〕{last + 1}号", f"{on.year}-{last + 1}"
    notice.published_on, notice.published_at, notice.published_by = on, utc_now(), actor.name
    notice.publisher_id = actor.account_id
    notice.first_day, notice.last_day = period_of(notice, on)
    notice.checkpoint = log.latest_checkpoint().text[:120]
    notice.digest = documents.digest_of(notice)


@transaction.atomic
def withdraw(notice_id: int, reason: str, *, actor: Actor, on: date) -> Notice:
    """Withdraw a running notice (撤销) because its matter was withdrawn or changed; it stays to be read, marked so.

    Raises Refusal while a case still waits for it (it would never be made public then), for one that isn't running,
    while a correction is being drafted, and without a reason.
    """
    notice = keeping.locked(notice_id, permissions.PUBLISH, actor=actor)
    why = keeping.reason_given(reason)
    if notice.state != NoticeState.PUBLISHED:
        raise Refusal(_("只有公示中的公示可以撤销"), clauses=keeping.CLAUSES)
    if notice.task_id is not None and is_awaited(notice):
        raise Refusal(_("事项还在等待这份公示，不能撤销；内容有误的请办理更正"), clauses=keeping.CLAUSES)
    if Notice.objects.filter(supersedes=notice).exclude(state=NoticeState.DROPPED).exists():
        raise Refusal(_("更正稿还没有发布或作废，不能撤销"), clauses=keeping.CLAUSES)
    return ended(notice, why, actor=actor, on=on)


def ended(notice: Notice, why: str, *, actor: Actor, on: date) -> Notice:
    """End a locked notice whose matter is gone: a draft is dropped, a running one withdrawn."""
    before: dict[str, Any] = keeping.whole(documents.NOTICE, notice)
    is_draft = notice.state == NoticeState.DRAFT
    notice.state = NoticeState.DROPPED if is_draft else NoticeState.WITHDRAWN
    notice.ended_on, notice.ended_reason = on, why[:200]
    kind = events.DROPPED if is_draft else events.WITHDRAWN
    return keeping.save(notice, kind, before, actor=actor, on=on, reason=why)


@transaction.atomic
def printed(notice: Notice, *, actor: Actor, on: date) -> None:
    """Record that the notice was printed for the boards (3.4.3b)."""
    evidence.record(
        events.PRINTED,
        Ref("notice", notice.pk),
        actor=actor,
        on=on,
        division=notice.division_code,
        facts={"number": notice.number},
    )
