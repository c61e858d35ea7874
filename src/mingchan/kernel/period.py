"""Business dates (业务日期): days with a stated precision, months, and the clock at the edge.

A paper often gives only a month. Such a date is stored as the first of its month with precision MONTH and is
always shown as a month, so nobody mistakes it for a known day.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Precision(StrEnum):
    """How much of a date the source gives (精度)."""

    DAY = "D"
    MONTH = "M"
    YEAR = "Y"


def today() -> date:
    """The business date now in Asia/Shanghai. Called at the edge only (views, commands, jobs)."""
    return datetime.now(SHANGHAI).date()


def utc_now() -> datetime:
    """The recording time: an aware moment in UTC."""
    return datetime.now(UTC)


def format_day(day: date | None, precision: str = Precision.DAY, language: str = "zh") -> str:
    """A date as people write it, no finer than its precision: 2020年3月10日, 2020年3月, 2020年."""
    if day is None:
        return ""
    if language.startswith("en"):
        if precision == Precision.YEAR:
            return str(day.year)
        month = f"{_MONTHS_EN[day.month - 1]} {day.year}"
        return month if precision == Precision.MONTH else f"{day.day} {month}"
    if precision == Precision.YEAR:
        return f"{day.year}年"
    if precision == Precision.MONTH:
        return f"{day.year}年{day.month}月"
    return f"{day.year}年{day.month}月{day.day}日"


def format_moment(moment: datetime | None, language: str = "zh") -> str:
    """A recording time in Asia/Shanghai to the minute: 2020年3月10日 14:05."""
    if moment is None:
        return ""
    local = moment.astimezone(SHANGHAI)
    return f"{format_day(local.date(), Precision.DAY, language)} {local:%H:%M}"


def month_of(day: date) -> int:
    """The accounting month as a whole number, year × 100 + month: 2020-03-10 → 202003."""
    return day.year * 100 + day.month
