"""Closing months and opening them again for a while (结账、反结账)."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import events, permissions, rules
from mingchan.foundation.ledger.models import Book, Period
from mingchan.foundation.ledger.queries import checklist, checks, documents, months
from mingchan.foundation.ledger.services.posting import lock_book
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.period import format_moment, utc_now
from mingchan.kernel.refs import Ref

CLAUSES = ("3.4.1", "4.1")
WHY_NOT = {
    "not_a_month": gettext_lazy("%(month)s 不是月份。"),
    "already_closed": gettext_lazy("%(month)s 已结账。"),
    "out_of_order": gettext_lazy("须按月依次结账，下一个应结账的月份是 %(due)s。"),
    "not_begun": gettext_lazy("%(month)s 还没有开始，不能结账。"),
}


@transaction.atomic
def close_period(book_id: int, month: int, note: str = "", *, actor: Actor, on: date) -> Period:
    """Close the next month of a book (3.4.1, 4.1). `month` as 202003.

    Raises Refusal when earlier months are open, the month hasn't begun, the books don't agree with themselves, a
    blocking item of the checklist isn't well, or another one isn't and no `note` explains it; NotAllowed or NotFound
    by right and scope.
    """
    book = lock_book(book_id)
    permissions.require_over(actor, permissions.CLOSE, book)
    return _close(book, month, note, actor, on)


@transaction.atomic
def close_through(book_id: int, month: int, note: str = "", *, actor: Actor, on: date) -> list[Period]:
    """Close all open months of a book in order, up to and including `month`; a `note` explains all of them."""
    book = lock_book(book_id)
    permissions.require_over(actor, permissions.CLOSE, book)
    due = months.due_to_close(book)
    wanted = rules.months_between(due, month) if rules.is_month(month) and due <= month else [month]
    return [_close(book, each, note, actor, on) for each in wanted]


def _close(book: Book, month: int, note: str, actor: Actor, on: date) -> Period:
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
    explained = _checked(book, month, note.strip(), on)
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
        reason=explained,
        facts={"book": book.name, "month": months.month_text(month)},
    )
    return period


def _checked(book: Book, month: int, note: str, on: date) -> str:
    """What is kept with the closing: the explanation of what isn't well. Raises Refusal as `close_period`."""
    wrong = [item for item in checklist.items(book, month, on) if not item.good]
    stops = [item for item in wrong if item.blocks]
    if stops or (wrong and not note):
        named = "；".join(f"{item.label}：{item.words}" if item.words else str(item.label) for item in stops or wrong)
        words = (
            _("%(month)s 结账检查未通过：%(items)s")
            if stops
            else _("%(month)s 有须说明的事项：%(items)s。请写明原因后再结账")
        )
        raise Refusal(
            words % {"month": months.month_text(month), "items": named}, clauses=CLAUSES, field="" if stops else "note"
        )
    return note[:200] if wrong else ""


@transaction.atomic
def reopen_period(book_id: int, month: int, reason: str, *, basis: Ref, actor: Actor, on: date) -> Period:
    """Let a closed month take postings again for 72 hours (LED-05); it ends by itself. Serves 3.4.1, 4.1.

    Called by the outcome of the procedure that decided it, whose case is the `basis`; the actor is who decided last.
    Raises Refusal when the month isn't closed, is reopened already, or no reason is given; NotAllowed when the actor
    closed it, or is nobody in particular.
    """
    book = lock_book(book_id)
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
    period.reopened_basis = str(basis)
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


def ask_to_reopen(book_id: int, month: int, reason: str, *, actor: Actor, on: date) -> str:
    """Ask for a closed month to be opened (反结账); the procedure that the wiring names decides. Answers its address.

    Raises Refusal when the month isn't closed or no reason is given, NotAllowed and NotFound by right and scope.
    """
    book = lock_book(book_id)
    permissions.require_over(actor, permissions.CLOSE, book)
    period = Period.objects.filter(book=book, month=month).first()
    if period is None:
        raise NotFound(_("这个月份没有结账。"))
    if not reason.strip():
        raise Refusal(_("请写明反结账原因。"), clauses=CLAUSES, field="reason")
    if period.reopened_until is not None and utc_now() < period.reopened_until:
        raise Refusal(_("这个月份正在反结账中。"), clauses=CLAUSES)
    if not _procedure:
        raise Refusal(_("没有规定反结账的审批程序。"), clauses=CLAUSES)
    return _procedure[0](period, reason.strip(), actor, on)


Asking = Callable[[Period, str, Actor, date], str]
_procedure: list[Asking] = []


def reopened_by(ask: Asking) -> None:
    """Say which procedure decides a reopening; `ask(period, reason, actor, on)` starts it and answers its address."""
    _procedure[:] = [ask]
