"""One of several processes that charge, take back, close and post in one book; run by test_charging_together."""

import sys
from datetime import date

import django

END = date(2020, 12, 31)


def prepare() -> None:
    """An empty database with one book of three cards."""
    from django.core.management import call_command

    from mingchan.register.depreciation.tests import factories

    call_command("migrate", verbosity=0)
    factories.cards({}, {}, {})
    factories.accountant()


def work(worker: int, count: int) -> None:
    """Charge the next month, take it back now and then, close what may be closed, and post by hand between."""
    from mingchan.foundation.ledger import services as ledger
    from mingchan.foundation.ledger.tests import factories as ledger_make
    from mingchan.kernel.errors import Refusal
    from mingchan.register.depreciation import rules, services
    from mingchan.register.depreciation.models import Course, Run
    from mingchan.register.depreciation.tests import factories

    book, actor = factories.book(), factories.accountant()
    for index in range(count):
        course = Course.objects.filter(book=book).first()
        due = rules.written(course.through + 1) if course else 202003
        try:
            if index % 4 == 3:
                last = Run.objects.filter(state=1, kind="MONTH").order_by("-month").first()
                if last is not None:
                    services.reverse(last.pk, "核对", actor=actor, on=END)
            elif index % 4 == 2:
                ledger.close_period(book.pk, 202003 + index // 4, "示例", actor=actor, on=END)
            else:
                services.post(book.pk, due, actor=actor, on=END)
            draft = ledger_make.draft(
                book, key=f"{worker} {index}", day=date(2020, 3 + (worker + index) % 9, 5), subject="",
                lines=(("5001", 5, 0), ("1002", 0, 5)),
            )  # fmt: skip
            ledger.post(draft, actor=actor, on=END)
        except Refusal:
            continue


def report() -> None:
    """Print runs that count by month, faults of books and runs, and vouchers in closed months posted afterwards."""
    from mingchan.foundation.ledger import queries as ledger
    from mingchan.register.depreciation import queries
    from mingchan.register.depreciation.models import Course, Run
    from mingchan.register.depreciation.queries import closing
    from mingchan.register.depreciation.tests import factories

    posted = list(Run.objects.filter(state=1, kind="MONTH").order_by("month").values_list("month", flat=True))
    course = Course.objects.filter(book=factories.book()).first()
    held = -closing.balance(factories.book(), ("ACCUMULATED_",), 202012)
    said = closing.accumulated(factories.book().pk, course.through) if course and posted else 0
    in_order = posted == list(range(202003, 202003 + len(posted)))
    print(len(list(ledger.faults())), len(list(queries.faults())), in_order, held == said, bool(Run.objects.exists()))


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "report": report}.get(sys.argv[1], lambda: work(int(sys.argv[1]), int(sys.argv[2])))()
