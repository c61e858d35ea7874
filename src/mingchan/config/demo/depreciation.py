"""Depreciation in the sample county (折旧): every month since the register was brought in, up to a year.

The accountant charges each book of an office from April 2020, when its cards came in, and closes the months behind;
the last charged month stays open, so that closing can be tried.
"""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.models import Book, Period
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.register.depreciation import rules, services
from mingchan.register.depreciation.models import Run
from mingchan.register.depreciation.queries import books

FIRST, MONTHS = 202004, 12
NOTE = "示例数据，各类业务按演示日期补录"


def _actor(on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username="accountant"), on, source="command")


def load() -> Iterator[str]:
    """Charge and close, once, what isn't charged yet."""
    if Run.objects.filter(county=settings.COUNTY).exists():
        return
    today = period.today()
    actor = _actor(today)
    first = rules.counted(FIRST)
    last = min(first + MONTHS, books.last_chargeable("GOVERNMENT", today))
    charged = closed = 0
    for book in books.with_cards(actor, "depreciation.run").order_by("pk"):
        for count in range(first, last + 1):
            on = rules.last_day(count)
            services.post(book.pk, rules.written(count), actor=actor, on=on)
            charged += 1
        closed += _close(book, rules.written(last - 1), actor, rules.last_day(last))
    yield f"Charged {charged:,} months of depreciation, closed {closed:,} months."


def _close(book: Book, month: int, actor: Actor, on: date) -> int:
    """Close the book's months; one whose list stops it stays open, as it would."""
    try:
        if month > 202012:
            ledger.close_through(book.pk, 202011, NOTE, actor=actor, on=on)
            ledger.close_year(book.pk, 2020, actor=actor, on=on)
        ledger.close_through(book.pk, month, NOTE, actor=actor, on=on)
    except Refusal:
        pass
    return Period.objects.filter(book=book).count()
