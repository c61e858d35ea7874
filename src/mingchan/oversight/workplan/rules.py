"""Rules of the work plan (工作步骤规则): days moved by years, whole percents, how a stage stands. No clock inside."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

DUE_SOON_DAYS = 7
"""So many days before its end a stage is called due."""


def in_year(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def percent(done: int, total: int) -> int | None:
    """Whole percent, never rounded up to a hundred: None where there is nothing to do."""
    return None if total <= 0 else min(done, total) * 100 // total


def stage_percent(outputs: Iterable[int | None]) -> int:
    """The mean of the outputs' percents, rounded down; outputs without a figure don't count, none at all is 0."""
    known = [one for one in outputs if one is not None]
    return sum(known) // len(known) if known else 0


def state(starts_on: date, ends_on: date, day: date, closed_on: date | None) -> str:
    """How a stage stands on a day, as a StageState. A closing after the day isn't known yet."""
    if closed_on is not None and closed_on <= day:
        return "CLOSED" if closed_on <= ends_on else "CLOSED_LATE"
    if day < starts_on:
        return "AHEAD"
    if day > ends_on:
        return "OVERDUE"
    return "DUE_SOON" if ends_on - day <= timedelta(days=DUE_SOON_DAYS) else "UNDER_WAY"


def days_late(ends_on: date, day: date, closed_on: date | None) -> int:
    """How many days the stage is, or was, late."""
    until = closed_on if closed_on is not None and closed_on <= day else day
    return max((until - ends_on).days, 0)


def out_of_order(spans: Sequence[tuple[date, date]]) -> int | None:
    """The index of the first stage that ends before it begins or begins before the one above it ended, None if fine."""
    for index, (starts_on, ends_on) in enumerate(spans):
        if ends_on < starts_on or (index and starts_on <= spans[index - 1][1]):
            return index
    return None


def along(day: date, first: date, last: date, width: int) -> int:
    """Where a day lies on a line of `width` from first to last, kept inside it."""
    span = max((last - first).days, 1)
    return min(max((day - first).days * width // span, 0), width)


def month_starts(first: date, last: date) -> list[date]:
    """First days of months from the month of `first` to that of `last`, for the line's marks."""
    found, year, month = [], first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found
