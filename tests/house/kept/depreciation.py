"""Rows of depreciation (折旧)."""

from datetime import date

from mingchan.foundation.ledger.models import Book, Period
from mingchan.register.assets.models import Asset
from mingchan.register.depreciation import services
from mingchan.register.depreciation.models import Course
from tests.architecture.url_table import Things

END = date(2020, 5, 31)


def fill(things: Things) -> None:
    """A month charged in a book that isn't closed, and the next one charged and taken back."""
    accountant = things.actor("accountant")
    owners = Asset.objects.filter(status="ACTIVE", life_months__gt=0).values("owner")
    closed = Period.objects.values("book")
    book = Book.objects.filter(owner__in=owners).exclude(pk__in=closed).exclude(pk__in=Course.objects.values("book"))
    chosen = book.order_by("pk").first()
    if chosen is None:
        return
    services.post(chosen.pk, 202004, actor=accountant, on=END)
    run = services.post(chosen.pk, 202005, actor=accountant, on=END)
    services.reverse(run.pk, "示例", actor=accountant, on=END)
