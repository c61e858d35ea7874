"""Closing months and opening them again for a while (结账、反结账)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import events, permissions, rules
from mingchan.foundation.ledger.models import Book, Period
from mingchan.foundation.ledger.queries import checks, documents, months
from mingchan.foundation.ledger.services.posting import lock_book
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.period import format_moment, utc_now

CLAUSES = ("3.4.1", "4.1")
WHY_NOT = {
    "not_a_month": gettext_lazy("%(month)s 不是月份。"),
    "already_closed": gettext_lazy("%(month)s 已结账。"),
    "out_of_order": gettext_lazy("须按月依次结账，下一个应结账的月份是 %(due)s。"),
    "not_begun": gettext_lazy("%(month)s 还没有开始，不能结账。"),
}


@transaction.atomic
def close_period(book_id: int, month: int, *, actor: Actor, on: date) -> Period:
    """Close the next month of a book (3.4.1, 4.1). `month` as 202003.

    Raises Refusal when earlier months are open, the month hasn't begun, or the books don't agree with themselves;
    NotAllowed or NotFound by right and scope.
    """
    book = lock_book(book_id)
    permissions.require_over(actor, permissions.CLOSE, book)
    return _close(book, month, actor, on)


@transaction.atomic
def close_through(book_id: int, month: int, *, actor: Actor, on: date) -> list[Period]:
    """Close all open months of a book in order, up to and including `month`. Raises as `close_period`."""
    book = lock_book(book_id)
    permissions.require_over(actor, permissions.CLOSE, book)
    due = months.due_to_close(book)
    wanted = rules.months_between(due, month) if rules.is_month(month) and due <= month else [month]
    return [_close(book, each, actor, on) for each in wanted]


def _close(book: Book, month: int, actor: Actor, on: date) -> Period:
    due = months.due_to_close(book)
    if reason := rules.why_not_close(month, due, on):
        words = {"month": months.month_text(month), "due": months.month_text(due)}
        raise Refusal(str(WHY_NOT[reason]) % words, clauses=CLAUSES, field="month")
    if faults := checks.faults_of_month(book, month):
        raise Refusal(
            _("%(month)s 账目不符，不能结账：%(faults)s")
            % {"month": months.month_text(month), "faults": "；".join(str(fault) for fault in faults)},
            clauses=CLAUSES,
        )
    period = Period.objects.create(
        book=book, month=month, closed_on=on, closed_by_id=actor.account_id, closed_name=actor.name
    )
    evidence.record(
        events.PERIOD_CLOSED,
        period.ref,
        actor=actor,
        on=on,
        after=documents.of_period(period),
        division=book.division_code,
        facts={"book": book.name, "month": months.month_text(month)},
    )
    return period


@transaction.atomic
def reopen_period(book_id: int, month: int, reason: str, *, actor: Actor, on: date) -> Period:
    """Let a closed month take postings again for 72 hours (LED-05); it ends by itself. Serves 3.4.1, 4.1.

    Raises Refusal when the month isn't closed, is reopened already, or no reason is given; NotAllowed when the actor
    closed it, or is nobody in particular.
    """
    book = lock_book(book_id)
    permissions.require_over(actor, permissions.CLOSE, book)
    period = Period.objects.select_for_update().filter(book=book, month=month).first()
    if period is None:
        raise NotFound(_("这个月份没有结账。"))
    if actor.account_id is None or actor.account_id == period.closed_by_id:
        raise NotAllowed(_("反结账须由结账人以外的人办理。"), clauses=CLAUSES)
    if not reason.strip():
        raise Refusal(_("请写明反结账原因。"), clauses=CLAUSES, field="reason")
    now = utc_now()
    if period.reopened_until is not None and now < period.reopened_until:
        raise Refusal(_("这个月份正在反结账中。"), clauses=CLAUSES)
    before = documents.of_period(period)
    period.reopened_by_id = actor.account_id
    period.reopened_name = actor.name
    period.reopened_reason = reason.strip()[:200]
    period.reopened_at = now
    period.reopened_until = now + rules.REOPENING
    period.save(force_update=True)
    evidence.record(
        events.PERIOD_REOPENED,
        period.ref,
        actor=actor,
        on=on,
        before=before,
        after=documents.of_period(period),
        division=book.division_code,
        reason=period.reopened_reason,
        facts={
            "book": book.name,
            "month": months.month_text(month),
            "until": format_moment(period.reopened_until),
        },
    )
    return period
