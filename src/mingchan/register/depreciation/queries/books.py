"""How the books stand with their depreciation (各账套计提情况), for the list, the desk and the tables."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Book
from mingchan.kernel.actor import Actor
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.depreciation import permissions, rules
from mingchan.register.depreciation.models import Course


@dataclass(frozen=True, slots=True)
class Standing:
    """A book: the last month charged and the one due (202003), and whether it can be charged today."""

    book: Book
    through: int | None
    due: int
    may_run: bool


def with_cards(actor: Actor, right: str = permissions.VIEW) -> QuerySet[Book]:
    """The books the actor sees whose owner has cards."""
    cards = Asset.objects.filter(county=OuterRef("county"), owner=OuterRef("owner"), status=Status.ACTIVE)
    return ledger.visible_to(actor, right).filter(
        Q(Exists(cards)) | Q(Exists(Course.objects.filter(book=OuterRef("pk"))))
    )


def courses(book_ids: list[int]) -> dict[int, Course]:
    """How far the books are charged, those that are."""
    return {course.book_id: course for course in Course.objects.filter(book__in=book_ids, through__gte=F("first"))}


def standings(actor: Actor, on: date, *, after: int = 0, limit: int = 50) -> list[Standing]:
    """Books with cards and how they stand, in the order they were opened; one more than `limit`."""
    found = list(with_cards(actor).filter(pk__gt=after).order_by("pk")[: limit + 1])
    begun = courses([book.pk for book in found])
    return [_standing(book, begun.get(book.pk), on) for book in found]


def standing_of(book: Book, on: date) -> Standing:
    """How one book stands."""
    return _standing(book, courses([book.pk]).get(book.pk), on)


def _standing(book: Book, course: Course | None, on: date) -> Standing:
    if course is None:
        due = last_chargeable(book.system, on)
        return Standing(book, None, rules.written(due), True)
    reason = rules.why_not_run(course.through + 1, course.first, course.through, book.system, on)
    return Standing(book, rules.written(course.through), rules.written(course.through + 1), not reason)


def last_chargeable(system: str, on: date) -> int:
    """The last counted month that may be charged on a day."""
    count = rules.month_count(on)
    return count if system == rules.VILLAGE or on == rules.last_day(count) else count - 1


def behind(actor: Actor, on: date) -> int:
    """How many books that the actor charges have last month's run still to come."""
    held = ledger.visible_to(actor, permissions.RUN)
    last = rules.month_count(on) - 1
    return Course.objects.filter(book__in=held, through__gte=F("first"), through__lt=last).count()


def not_begun(actor: Actor) -> int:
    """How many books that the actor charges have cards and no run at all."""
    begun = Course.objects.filter(through__gte=F("first")).values("book")
    return with_cards(actor, permissions.RUN).exclude(pk__in=begun).count()
