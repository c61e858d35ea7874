"""Months of a book (会计期间): which is due to close, and how each stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Sum
from django.utils.translation import get_language

from mingchan.foundation.ledger import rules
from mingchan.foundation.ledger.choices import PeriodState
from mingchan.foundation.ledger.models import Book, MonthBalance, Period, Voucher
from mingchan.foundation.ledger.queries.scope import visible_to
from mingchan.kernel.actor import Actor
from mingchan.kernel.period import format_day, month_of


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month as the page of periods shows it; amounts in fen. `period` is None while it is open."""

    month: int
    text: str
    state: PeriodState
    vouchers: int
    total_fen: int
    period: Period | None
    is_due: bool


def month_text(month: int) -> str:
    """A month in words: 2020年3月. The number itself when it is no month."""
    if not rules.is_month(month):
        return str(month)
    return format_day(date(month // 100, month % 100, 1), "M", get_language() or "zh")


def first_month(book: Book) -> int:
    """The month the book begins with: of its opening or of its first voucher, whichever is earlier."""
    found = Voucher.objects.filter(book=book).aggregate(first=Min("month"))["first"]
    opened = month_of(book.opened_on)
    return opened if found is None else min(opened, int(found))


def due_to_close(book: Book) -> int:
    """The month to be closed next."""
    last = Period.objects.filter(book=book).aggregate(last=Max("month"))["last"]
    return first_month(book) if last is None else rules.next_month(int(last))


def state_of(period: Period | None, at: datetime) -> PeriodState:
    """How a month stands at a moment."""
    if period is None:
        return PeriodState.OPEN
    if period.reopened_until is not None and at < period.reopened_until:
        return PeriodState.REOPENED
    return PeriodState.CLOSED


def last_month(actor: Actor) -> int | None:
    """The last month in which a book the actor sees has a voucher."""
    found = MonthBalance.objects.filter(book__in=visible_to(actor)).aggregate(last=Max("month"))["last"]
    return None if found is None else int(found)


def months_of(book: Book, on: date, at: datetime) -> list[MonthRow]:
    """Months of a book, newest first: the closed, those with vouchers, the one due, and the month of `on`."""
    periods = {period.month: period for period in Period.objects.filter(book=book)}
    counts = {
        row["month"]: (row["count"], row["total"])
        for row in Voucher.objects.filter(book=book).values("month").annotate(count=Count("id"), total=Sum("total_fen"))
    }
    due = due_to_close(book)
    last = max([month_of(on), *periods, *counts])
    rows = []
    for month in reversed(rules.months_between(min([first_month(book), *periods]), last)):
        period = periods.get(month)
        if period is None and month not in counts and month not in (due, last):
            continue
        count, total = counts.get(month, (0, 0))
        rows.append(MonthRow(month, month_text(month), state_of(period, at), count, total, period, month == due))
    return rows
