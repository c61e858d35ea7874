"""Rules of custody (管护规则): terms, when they end, and what a change of keeper asks for. No clock, no database."""

from calendar import monthrange
from datetime import date, timedelta


def term_end(start: date, months: int) -> date:
    """The last day of a term: 36 months from 2020-05-16 end on 2023-05-15."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(years, month + 1, min(start.day, monthrange(years, month + 1)[1])) - timedelta(days=1)


def term_state(due_on: date | None, on: date, ending_days: int) -> str:
    """How a term stands on a day, as a TermState; its last day still belongs to it."""
    if due_on is None:
        return "UNSET"
    if due_on < on:
        return "OVER"
    return "ENDING" if due_on - on <= timedelta(days=ending_days) else "RUNNING"


def term_fault(due_on: date, on: date) -> str | None:
    """Why a term can't be: it ends before it begins, or no term of an office lasts so long."""
    if due_on < on:
        return "ends_before"
    return "too_long" if due_on.year - on.year > 30 else None
