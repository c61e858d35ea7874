"""What cards are worth on a day (净值), and what was charged on them (已提折旧): the one place that everybody asks.

Depreciation is charged by a context above; it says here what it charged (`charged_by`, in the wiring). A card that a
book charges is worth its cost less what was charged; any other card has the value that the straight line would give.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, CharField, F, IntegerField, Value, When
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Cast, Coalesce, Greatest, Least, Substr

from mingchan.register.assets.choices import SixClass

UNDEPRECIATED = (SixClass.RELIC, SixClass.BOOK)
"""Classes that are never depreciated (文物和陈列品、图书档案)."""


Charged = Mapping[int, tuple[tuple[str, int], ...]]
"""What was charged on cards in the books of their owners: by card, pairs (account code, fen)."""


class _Source(NamedTuple):
    by_account: Callable[[Sequence[int]], Charged]
    require_current: Callable[[Sequence[int], date], None]
    of_card: Callable[[date, str], Any]


_sources: list[_Source] = []


def charged_by(
    by_account: Callable[[Sequence[int]], Charged],
    require_current: Callable[[Sequence[int], date], None],
    of_card: Callable[[date, str], Any],
) -> None:
    """Say who knows what was charged: by account for cards, whether all that is due by a day was charged (it raises
    Refusal), and as an expression over a card. The last one counts."""
    _sources[:] = [_Source(by_account, require_current, of_card)]


def charged(asset_ids: Sequence[int]) -> Charged:
    """What was charged on the cards so far in the books of their owners; cards on which nothing was are left out."""
    return _sources[0].by_account(asset_ids) if _sources and asset_ids else {}


def leaving(asset_ids: Sequence[int], on: date) -> Charged:
    """As `charged`, for cards that leave their books on a day. Raises Refusal while a charge before it is missing."""
    if _sources and asset_ids:
        _sources[0].require_current(asset_ids, on)
    return charged(asset_ids)


def _quotient(dividend: Any, divisor: Any) -> CombinedExpression:
    """Whole-number division in SQL, which rounds towards zero on both engines; no float is made."""
    return CombinedExpression(dividend, Combinable.DIV, divisor, output_field=BigIntegerField())


def net_value(on: date, card: str = "pk") -> Case | Coalesce:
    """Net value in fen on a day as an expression: cost less what was charged, else the straight line over the life.

    `card` names the column of the card's number. The line begins with the month of acquisition; it is
    cumulative, rounded half up (当月增加，当月计提); null where life or date are unknown. Months are read from the text
    of the date: SQLite has no months, and a function in Python for each of a million cards would be slow. Cost is
    divided first, so that no product leaves 64 bits.
    """
    text = Cast("acquired_on", CharField())
    number = IntegerField()
    began = Cast(Substr(text, 1, 4), number) * 12 + Cast(Substr(text, 6, 2), number)
    months = Value(on.year * 12 + on.month + 1, output_field=number) - began
    charged = Cast(Greatest(Least(months, F("life_months")), 0), BigIntegerField())
    cost, life = F("cost_fen"), Cast("life_months", BigIntegerField())
    depreciated = _quotient(cost, life) * charged + _quotient((cost % life) * charged * 2 + life, life * 2)
    lined = Case(
        When(six_class__in=UNDEPRECIATED, then=cost),
        When(life_months__gt=0, acquired_on__isnull=False, then=cost - depreciated),
        default=None,
        output_field=BigIntegerField(),
    )
    if not _sources:
        return lined
    return Coalesce(cost - _sources[0].of_card(on, card), lined, output_field=BigIntegerField())
