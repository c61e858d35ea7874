"""What cards are worth on a day (净值), an expression for the list and the overview alike."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, F, IntegerField, Value, When
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Cast, Greatest, Least, Substr

from mingchan.register.assets.choices import SixClass

UNDEPRECIATED = (SixClass.RELIC, SixClass.BOOK)
"""Classes that are never depreciated (文物和陈列品、图书档案)."""


def _quotient(dividend: Any, divisor: Any) -> CombinedExpression:
    """Whole-number division in SQL, which rounds towards zero on both engines; no float is made."""
    return CombinedExpression(dividend, Combinable.DIV, divisor, output_field=BigIntegerField())


def net_value(on: date) -> Case:
    """Net value in fen on a day as an expression: straight line over the life, from the month of acquisition on.

    Cumulative, rounded half up (当月增加，当月计提); null where life or date are unknown. Months are read from the text
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
    return Case(
        When(six_class__in=UNDEPRECIATED, then=cost),
        When(life_months__gt=0, acquired_on__isnull=False, then=cost - depreciated),
        default=None,
        output_field=BigIntegerField(),
    )
