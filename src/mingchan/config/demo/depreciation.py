"""Depreciation in the sample county (折旧): charged from a year ago up to last month, with what was left out before.

The accountant carries the years of the bureau's book and closes the months behind; its last charged month stays open,
and so does every other book, so that closing can be tried.
"""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.ledger import queries as ledger_queries
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.models import Book
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.register.depreciation import rules, services
from mingchan.register.depreciation.models import Run
from mingchan.register.depreciation.queries import books

MONTHS = 12
"""Months charged before the last one."""
NOTE = "示例数据，各类业务按演示日期补录"


def _actor(on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username="accountant"), on, source="command")


def load() -> Iterator[str]:
    """Charge and close, once, what isn't charged yet."""
    if Run.objects.filter(county=settings.COUNTY).exists():
        return
    today = period.today()
    actor = _actor(today)
    last = books.last_chargeable("GOVERNMENT", today)
    charged = closed = 0
    for book in books.with_cards(actor, "depreciation.run").order_by("pk"):
        for count in range(last - MONTHS, last + 1):
            services.post(book.pk, rules.written(count), actor=actor, on=rules.last_day(count))
            charged += 1
        if not closed:
            closed = _close(book, rules.written(last - 1), actor, rules.last_day(last))
    yield f"Charged {charged:,} months of depreciation, closed {closed:,} months."


def _close(book: Book, month: int, actor: Actor, on: date) -> int:
    """Carry the book's years and close its months."""
    done = 0
    due = ledger_queries.due_to_close(book)
    while due <= month:
        december = due // 100 * 100 + 12
        if december <= month:
            ledger.close_year(book.pk, due // 100, actor=actor, on=on)
        done += len(ledger.close_through(book.pk, min(december, month), NOTE, actor=actor, on=on))
        due = ledger_queries.due_to_close(book)
    return done
