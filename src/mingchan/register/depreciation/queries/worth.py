"""What is charged on a card as an expression (已提折旧), for lists and totals of the register."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Greatest, Least

from mingchan.register.depreciation import rules
from mingchan.register.depreciation.models import Course, Term


def _quotient(dividend: Any, divisor: Any) -> CombinedExpression:
    """Whole-number division in SQL."""
    return CombinedExpression(dividend, Combinable.DIV, divisor, output_field=BigIntegerField())


def charged_of_card(on: date, card: str) -> Subquery:
    """Fen charged on a card by the end of the month of `on`, as far as its book was charged; null without a term.

    `card` is the outer column that names the card. A term's line says it without a look at the charges.
    """
    through = Subquery(Course.objects.filter(book=OuterRef("book")).values("through")[:1])
    last = Least(Value(rules.month_count(on)), through)
    over = Greatest(Least(last - F("began") + 1, F("months")), Value(0))
    base, months = F("base_fen"), F("months")
    fen = F("before_fen") + _quotient(base, months) * over + _quotient((base % months) * over * 2 + months, months * 2)
    terms = Term.objects.filter(asset=OuterRef(card), is_live=True).order_by()
    whole = ExpressionWrapper(fen, output_field=BigIntegerField())
    return Subquery(terms.annotate(whole=whole).values("whole")[:1], output_field=BigIntegerField())
