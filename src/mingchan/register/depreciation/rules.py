"""The straight line (年限平均法) in whole fen: which months are charged, how much, and which cards (政府会计准则第3号).

Months are counted year × 12 + month, so that spans are differences. Amounts are cumulative and rounded half up, so a
life's charges add up to the cost to the fen. The set-based statements of `queries.line` say the same in SQL; a test
holds them against each other.
"""

from datetime import date, timedelta

NOT_CHARGED = ("RELIC", "BOOK")
"""Classes that are never charged: 文物和陈列品、图书档案."""
NOT_CHARGED_CODES = ("A06",)
"""Beginnings of class codes that are never charged: animals and plants (特种动植物)."""
NOT_CHARGED_NAMES = ("土地",)
"""Beginnings of names that are never charged: land entered on its own (单独计价入账的土地)."""
NOMINAL_FEN = 100
"""The nominal amount (名义金额), one yuan: a card at that cost isn't charged."""
VILLAGE = "VILLAGE"


def counted(month: int) -> int:
    """A month of the books as a counted one: 202003 → 24243."""
    return month // 100 * 12 + month % 100


def written(count: int) -> int:
    """A counted month as the books write it: 24243 → 202003."""
    year, month = divmod(count - 1, 12)
    return year * 100 + month + 1


def month_count(day: date) -> int:
    """The counted month of a day."""
    return day.year * 12 + day.month


def first_due(acquired_on: date, system: str) -> int:
    """The first month charged: in government books that of entry (当月增加，当月计提), in village books the next."""
    return month_count(acquired_on) + (system == VILLAGE)


def last_needed(leaves_on: date, system: str) -> int:
    """The last month charged for a card that leaves on a day: village books still charge the month of leaving.

    That month is charged before the card leaves, so the register of a month's last day decides in either book.
    """
    return month_count(leaves_on) - (system != VILLAGE)


def last_day(count: int) -> date:
    """The last day of a counted month."""
    year, month = divmod(count, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def accumulated(base_fen: int, months: int, charged: int) -> int:
    """What is charged of `base_fen` after so many of its `months`, rounded half up to the fen."""
    charged = max(0, min(charged, months))
    return base_fen // months * charged + (base_fen % months * charged * 2 + months) // (months * 2)


def charged_through(base_fen: int, months: int, began: int, before_fen: int, count: int) -> int:
    """What is charged in all under a term at the end of a counted month."""
    return before_fen + accumulated(base_fen, months, count - began + 1)


def opened(cost_fen: int, life: int, due: int, count: int, booked_fen: int) -> tuple[int, int, int, int]:
    """The term (base, months, began, before) of a card that a book charges from month `count` on for the first time.

    Without a balance, or with the balance of its own line, the card is on its line from the first due month on; the
    months before are caught up. With another balance the rest of the cost is spread over the months that are left.
    """
    if booked_fen in (0, accumulated(cost_fen, life, count - due)):
        return cost_fen, life, due, 0
    return spread(cost_fen, life, due, count, booked_fen)


def spread(cost_fen: int, life: int, due: int, count: int, charged_fen: int) -> tuple[int, int, int, int]:
    """The term after a change: (cost − charged) over the remaining months, at least one; the past stays."""
    return max(cost_fen - charged_fen, 0), max(life - max(count - due, 0), 1), count, charged_fen


def why_not_run(count: int, first: int | None, through: int | None, system: str, on: date) -> str:
    """Empty when a month may be charged on a day, else the reason's word.

    Months follow each other without a gap. A government book waits for the month's last day, for what enters on it
    counts; a village book may be charged from the month's first day.
    """
    if through is not None and first is not None and through >= first:
        if count <= through:
            return "done"
        if count > through + 1:
            return "gap"
    if count > month_count(on):
        return "not_begun"
    if system != VILLAGE and on < last_day(count):
        return "not_over"
    return ""
