"""The depreciation of one card (单项资产折旧): its terms, and each month's charge with the run it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass

from mingchan.register.assets.models import Asset
from mingchan.register.depreciation import rules
from mingchan.register.depreciation.choices import RunState
from mingchan.register.depreciation.models import Charge, Course, Run, Term
from mingchan.register.depreciation.queries import charged

SHOWN = 240
"""Months shown, the newest first."""


@dataclass(frozen=True, slots=True)
class MonthCharge:
    """One charge: the run and its fen."""

    run: Run
    fen: int


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card with its live term (None when the book charges it no more), what was charged, and the charges."""

    card: Asset
    term: Term | None
    charged_fen: int
    net_fen: int
    next_fen: int
    left_months: int
    charges: Sequence[MonthCharge]


def of_card(card: Asset) -> CardLine | None:
    """The depreciation of a card in its book, None when it was never charged."""
    terms = list(Term.objects.filter(asset=card, run__state=RunState.POSTED).select_related("book").order_by("id"))
    if not terms:
        return None
    term = next((each for each in terms if each.is_live), None)
    runs = Run.objects.filter(book__in={each.book_id for each in terms}, state=RunState.POSTED).in_bulk()
    rows = Charge.objects.filter(asset=card, run__in=list(runs)).order_by("-run").values_list("run", "fen")[:SHOWN]
    fen = charged.totals([card.pk]).get(card.pk, 0)
    following = left = 0
    if term is not None:
        course = Course.objects.get(book=term.book_id)
        over = max(course.through - term.began + 1, 0)
        left = max(term.months - over, 0)
        following = rules.accumulated(term.base_fen, term.months, over + 1) - rules.accumulated(
            term.base_fen, term.months, over
        )
    charges = [MonthCharge(runs[run], amount) for run, amount in rows]
    return CardLine(card, term, fen, card.cost_fen - fen, following, left, charges)
