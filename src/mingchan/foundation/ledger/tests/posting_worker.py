"""One of several processes that post into the same book at once; run by test_posting_together."""

import sys

import django
from django.db import transaction

PERSON = "李会计"


def work(worker: int, count: int) -> None:
    """Post `count` vouchers; every tenth act is rolled back, and every fifth key is one that all workers send."""
    from mingchan.foundation.ledger import services
    from mingchan.foundation.ledger.models import Book
    from mingchan.foundation.ledger.tests import factories

    book, actor = Book.objects.get(), factories.accountant(PERSON)
    for index in range(count):
        key = f"shared {index}" if index % 5 == 0 else f"{worker} {index}"
        draft = factories.draft(book, key=key)
        if index % 10 == 9:
            with transaction.atomic():
                services.post(draft, actor=actor, on=factories.DAY)
                transaction.set_rollback(True)
        services.post(draft, actor=actor, on=factories.DAY)


def prepare() -> None:
    """An empty database with one book."""
    from django.core.management import call_command

    from mingchan.foundation.ledger.tests import factories

    call_command("migrate", verbosity=0)
    factories.bureau_book(factories.accountant(PERSON))


def report() -> None:
    """Print count, last number and faults."""
    from mingchan.foundation.ledger import queries
    from mingchan.foundation.ledger.models import Voucher

    numbers = list(Voucher.objects.order_by("id").values_list("number", flat=True))
    print(len(numbers), numbers == list(range(1, len(numbers) + 1)), len(list(queries.faults())))


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "report": report}.get(sys.argv[1], lambda: work(int(sys.argv[1]), int(sys.argv[2])))()
