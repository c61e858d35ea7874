"""What depreciation and the register give to the closing of a month (结账检查): runs posted, register equals ledger."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.ledger.models import AccountRole, Book, MonthBalance
from mingchan.foundation.ledger.queries import checklist
from mingchan.foundation.ledger.queries.checklist import Item
from mingchan.kernel.money import format_yuan
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, FormerCard
from mingchan.register.depreciation import rules
from mingchan.register.depreciation.choices import RunKind, RunState
from mingchan.register.depreciation.models import Course, Run
from mingchan.register.depreciation.queries import standing
from mingchan.register.depreciation.queries.line import TABLES, through


def connect() -> None:
    """Have every closing look at both."""
    checklist.register("depreciation", of_run, order=20)
    checklist.register("register", of_register, order=30)


def of_run(book: Book, month: int, _on: date) -> Iterator[Item]:
    """The month's depreciation is posted, once the book has begun to charge."""
    course = Course.objects.filter(book=book).first()
    url = reverse("depreciation:runs") + f"?book={book.pk}"
    label = _("本月折旧已计提")
    if course is None or course.through < course.first:
        due = has_due(book, rules.counted(month))
        yield Item("depreciation", label, not due, _("本账套尚未开始计提折旧") if due else "", url, blocks=False)
        return
    run = Run.objects.filter(book=book, month=month, kind=RunKind.MONTH, state=RunState.POSTED).first()
    if run is not None:
        words = _("%(count)s 项，%(fen)s 元") % {"count": run.count, "fen": format_yuan(run.total_fen)}
        yield Item("depreciation", label, True, words, reverse("depreciation:run", args=[run.pk]))
    else:
        before = rules.counted(month) < course.first
        words = _("早于首次计提的月份") if before else _("尚未计提")
        yield Item("depreciation", label, before, words, url)


def has_due(book: Book, count: int) -> bool:
    """Whether a book that charges nothing yet has cards with a line, in the register of today."""
    cards = Asset.objects.filter(county=book.county, owner=book.owner_id, status=Status.ACTIVE)
    cards = cards.exclude(six_class__in=rules.NOT_CHARGED).filter(life_months__gt=0, acquired_on__isnull=False)
    return cards.filter(cost_fen__gt=rules.NOMINAL_FEN, registered_on__lte=rules.last_day(count)).exists()


def of_register(book: Book, month: int, _on: date) -> Iterator[Item]:
    """Cost and accumulated depreciation are the same in the register and in the ledger at the month's end."""
    day = rules.last_day(rules.counted(month))
    register, books = cost_on(book, day), balance(book, ("ASSET_COST", "INTANGIBLE_COST"), month)
    url = reverse("depreciation:reconciliation") + f"?book={book.pk}"
    words = _("卡片 %(register)s 元，账面 %(books)s 元") % {
        "register": format_yuan(register),
        "books": format_yuan(books),
    }
    yield Item("register", _("资产原值账卡相符"), register == books, words, url, blocks=False)
    course = Course.objects.filter(book=book).first()
    if course is None or course.through < course.first or rules.counted(month) != course.through:
        return
    cards, held = accumulated(book.pk, course.through), -balance(book, ("ACCUMULATED_",), month)
    words = _("明细 %(cards)s 元，账面 %(books)s 元") % {"cards": format_yuan(cards), "books": format_yuan(held)}
    yield Item("accumulated", _("累计折旧账卡相符"), cards == held, words, url, blocks=False)


def cost_on(book: Book, day: date) -> int:
    """The cost of the book's cards as the register stood at the end of a day, in fen."""
    stood = {"county": book.county, "owner": book.owner_id, "status": Status.ACTIVE, "state_since__lte": day}
    now = Asset.objects.filter(**stood).aggregate(s=Sum("cost_fen"))["s"] or 0
    then = FormerCard.objects.filter(**stood, left_on__gt=day).aggregate(s=Sum("cost_fen"))["s"] or 0
    return int(now) + int(then)


def balance(book: Book, prefixes: tuple[str, ...], month: int) -> int:
    """Balance of the accounts whose roles begin so at the end of a month, debit positive."""
    begins = Q(pk__in=())
    for prefix in prefixes:
        begins |= Q(role__startswith=prefix)
    accounts = AccountRole.objects.filter(begins, book=book).values("account")
    moved = MonthBalance.objects.filter(account__in=accounts, month__lte=month)
    sums = moved.aggregate(debit=Sum("debit_fen"), credit=Sum("credit_fen"))
    return int(sums["debit"] or 0) - int(sums["credit"] or 0)


def accumulated(book_id: int, count: int) -> int:
    """What the live terms of a book say is charged at the end of a counted month, in fen."""
    statement = f"SELECT COALESCE(SUM({through('t', '%(count)s')}), 0) FROM {TABLES['term']} t "  # noqa: S608
    found = standing.rows(statement + "WHERE t.book_id = %(book)s AND t.is_live", {"book": book_id, "count": count})
    return int(found[0][0])
