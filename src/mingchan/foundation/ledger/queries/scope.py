"""Which books an actor sees (账簿可见范围), and how each stands."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import permissions
from mingchan.foundation.ledger.models import Account, Book, MonthBalance, Period, Voucher
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class BookRow:
    """A book in the list of books; `moved_fen` is the debit side of all it ever booked."""

    book: Book
    vouchers: int
    moved_fen: int
    last_month: int | None
    closed_through: int | None


@dataclass(frozen=True, slots=True)
class BookPage:
    """A page of books; `following` is the cursor of the next page, None at the end."""

    rows: list[BookRow]
    following: int | None


def visible_to(actor: Actor, right: str = permissions.VIEW) -> QuerySet[Book]:
    """The books over which the actor holds the right. Every door to the books reads through this."""
    allowed = Q(pk__in=())
    for scope in actor.scopes(right):
        if len(scope) >= 6:
            allowed |= Q(county=scope[:6], division_code__startswith=scope)
        else:
            allowed |= Q(county__startswith=scope)
    if parties := actor.parties(right):
        allowed |= Q(owner_id__in=parties)
    return Book.objects.filter(allowed)


def book(actor: Actor, book_id: int, right: str = permissions.VIEW) -> Book:
    """One book. Raises NotFound when there is none or the actor doesn't see it."""
    found = visible_to(actor, right).filter(pk=book_id).first()
    if found is None:
        raise NotFound(_("没有这本账。"))
    return found


def account(of_book: Book, code: str) -> Account:
    """An account of a book by code. Raises NotFound."""
    found = Account.objects.filter(book=of_book, code=code).first()
    if found is None:
        raise NotFound(_("没有这个科目。"))
    return found


def books(actor: Actor, *, text: str = "", after: int | None = None, limit: int = 50) -> BookPage:
    """Books with their figures, in the order they were opened; `text` is part of a name."""
    chosen = visible_to(actor).order_by("id")
    if text:
        chosen = chosen.filter(name__icontains=text)
    if after is not None:
        chosen = chosen.filter(pk__gt=after)
    found = list(chosen[: limit + 1])
    shown = found[:limit]
    ids = [each.pk for each in shown]
    counts: dict[int, dict[int, int]] = {}
    numbers = Voucher.objects.filter(book__in=ids).order_by().values_list("book", "month").annotate(Count("id"))
    for book_id, month, count in numbers:
        counts.setdefault(book_id, {})[month] = count
    moved = dict(MonthBalance.objects.filter(book__in=ids).values_list("book").annotate(Sum("debit_fen")).order_by())
    closed: dict[int, int] = {}
    for book_id, month in Period.objects.filter(book__in=ids).values_list("book", "month"):
        closed[book_id] = max(month, closed.get(book_id, 0))
    rows = [
        BookRow(
            book=each,
            vouchers=sum(counts.get(each.pk, {}).values()),
            moved_fen=moved.get(each.pk, 0),
            last_month=max(counts.get(each.pk, {}), default=None),
            closed_through=closed.get(each.pk),
        )
        for each in shown
    ]
    return BookPage(rows, ids[-1] if len(found) > limit else None)
