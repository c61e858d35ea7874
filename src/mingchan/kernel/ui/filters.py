"""Template filters: how amounts, quantities, shares and times are written for people.

Every filter answers a dash for None, so that an unknown value never looks like zero.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import get_language

from mingchan.kernel import money as amounts
from mingchan.kernel import period
from mingchan.kernel.ui import unit as units

NOTHING = "—"


def yuan(fen: int | None) -> str:
    """Fen as yuan: 123456 → 1,234.56."""
    return NOTHING if fen is None else amounts.format_yuan(fen)


def wan(fen: int | None) -> str:
    """Fen as 万元, exact: 163117200 → 163.1172."""
    return NOTHING if fen is None else amounts.format_wan(fen)


def money(fen: int | None, unit: str | None = None) -> str:
    """Fen in the reader's unit (the 元/万元 switch), or in the one named."""
    chosen = units.parse(unit) if unit else units.active()
    return wan(fen) if chosen == units.Unit.WAN else yuan(fen)


def quantity(milli: int | None) -> str:
    """Thousandths as a quantity: 12500 → 12.5."""
    return NOTHING if milli is None else amounts.format_quantity(milli)


def number(value: int | None) -> str:
    """A count with thousands separators: 1826 → 1,826."""
    return NOTHING if value is None else f"{value:,}"


def percent(part: int | None, whole: int, digits: int = 1) -> str:
    """The share of `part` in `whole`, rounded half up in whole numbers: 1|percent(8) → 12.5%.

    100% means all and 0% means none: what is nearly all or nearly none stays one last digit away from them.
    """
    if part is None or not whole:
        return NOTHING
    scale: int = 10**digits
    sign = "-" if (part < 0) != (whole < 0) and part else ""
    shares = (2 * abs(part) * 100 * scale + abs(whole)) // (2 * abs(whole))
    if part and abs(part) < abs(whole):
        shares = min(max(shares, 1), 100 * scale - 1)
    text = str(shares // scale) + (f".{shares % scale:0{digits}d}" if digits else "")
    return f"{sign}{text}%"


def points(value: int | None) -> str:
    """Hundredths of a point: 8750 → 87.5, 9000 → 90."""
    return NOTHING if value is None else f"{value // 100}.{value % 100:02d}".rstrip("0").rstrip(".")


def _language() -> str:
    return get_language() or "zh-hans"


def day(value: date | None, precision: str = period.Precision.DAY) -> str:
    """A business date no finer than its precision, in the active language."""
    return period.format_day(value, precision, _language()) or NOTHING


def moment(value: datetime | None) -> str:
    """A recorded time in Asia/Shanghai to the minute, in the active language."""
    return period.format_moment(value, _language()) or NOTHING


ALL: dict[str, Callable[..., str]] = {
    "yuan": yuan,
    "wan": wan,
    "money": money,
    "quantity": quantity,
    "number": number,
    "percent": percent,
    "points": points,
    "day": day,
    "moment": moment,
}
