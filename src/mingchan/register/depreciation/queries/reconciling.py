"""Register, ledger and count held against each other (账账、账卡、账实核对), by class of the books (3.4.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count as Number
from django.db.models import F, QuerySet, Sum

from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import AccountRole, Book, MonthBalance
from mingchan.kernel import counts
from mingchan.kernel.actor import Actor
from mingchan.kernel.counts import Count
from mingchan.kernel.database import one_of
from mingchan.register.assets.choices import SixClass, Status
from mingchan.register.assets.models import Asset
from mingchan.register.depreciation import postings
from mingchan.register.depreciation.models import Course
from mingchan.register.depreciation.queries import line, standing
from mingchan.register.depreciation.queries.line import TABLES

MOST = 50


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """A class: cost in the register, in the ledger, and as counted (None when nothing was counted), in fen."""

    six_class: str
    label: str
    cards: int
    register_fen: int
    ledger_fen: int
    count_fen: int | None

    @property
    def is_equal(self) -> bool:
        """Whether all figures that there are agree."""
        return self.register_fen == self.ledger_fen and self.count_fen in (None, self.register_fen)


@dataclass(frozen=True, slots=True)
class Difference:
    """A card on which register and ledger disagree, in fen."""

    asset_id: int
    code: str
    name: str
    register_fen: int
    ledger_fen: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The three figures of books, with accumulated depreciation beside, and the first differences."""

    classes: Sequence[ClassFigures]
    count: Count | None
    charged_fen: int
    booked_charged_fen: int
    differences: Sequence[Difference]

    @property
    def register_fen(self) -> int:
        """Cost of all cards with an owner."""
        return sum(row.register_fen for row in self.classes)

    @property
    def ledger_fen(self) -> int:
        """Cost in the books."""
        return sum(row.ledger_fen for row in self.classes)

    @property
    def count_fen(self) -> int | None:
        """Cost of what was counted."""
        return None if self.count is None else sum(row.count_fen or 0 for row in self.classes)

    @property
    def is_equal(self) -> bool:
        """Whether register, ledger and count agree on cost, and charges with the books."""
        return all(row.is_equal for row in self.classes) and self.charged_fen == self.booked_charged_fen


def _role(six_class: str) -> str:
    return "INTANGIBLE_COST" if six_class == SixClass.INTANGIBLE else f"ASSET_COST.{six_class}"


def reconcile(actor: Actor, book: Book | None, on: date) -> Reconciliation:
    """One book, or all the actor sees, as they stand on a day."""
    books = Book.objects.filter(pk=book.pk) if book else ledger.visible_to(actor)
    cards = Asset.objects.filter(county=actor.county, status=Status.ACTIVE, owner__in=books.values("owner"))
    held = {key: (int(n), int(fen)) for key, n, fen in _by_class(cards)}
    accounts = dict(
        AccountRole.objects.filter(book__in=books, role__in=[_role(v) for v in SixClass.values]).values_list(
            "account", "role"
        )
    )
    booked: dict[str, int] = {}
    moved = MonthBalance.objects.filter(account__in=one_of(list(accounts), "bigint")).order_by()
    for account, fen in moved.values_list("account").annotate(fen=Sum(F("debit_fen") - F("credit_fen"))):
        booked[accounts[account]] = booked.get(accounts[account], 0) + int(fen)
    found = counts.latest(actor, book.owner_id if book else None, on)
    classes = [
        ClassFigures(
            value,
            str(SixClass(value).label),
            held.get(value, (0, 0))[0],
            held.get(value, (0, 0))[1],
            booked.get(_role(value), 0),
            None if found is None else found.fen.get(value, 0),
        )
        for value in SixClass.values
    ]
    differs = any(row.register_fen != row.ledger_fen for row in classes)
    return Reconciliation(
        [row for row in classes if row.cards or row.ledger_fen or row.count_fen],
        found,
        _charged(books),
        _booked_charged(books),
        _differences(cards, books) if differs else (),
    )


def _by_class(cards: QuerySet[Asset]) -> Sequence[tuple[str, int, int]]:
    rows = cards.order_by().values_list("six_class")

    return list(rows.annotate(n=Number("pk"), fen=Sum("cost_fen")))


def _charged(books: QuerySet[Book]) -> int:
    """What the live terms of books that are charged say is charged, in fen."""
    total = 0
    for book, through in Course.objects.filter(book__in=books, through__gte=F("first")).values_list("book", "through"):
        statement = (
            f"SELECT COALESCE(SUM({line.through('t', '%(count)s')}), 0) FROM {TABLES['term']} t "  # noqa: S608
            f"JOIN {TABLES['asset']} a ON a.id = t.asset_id AND a.status IN ('ACTIVE', 'SPLIT') "
            "WHERE t.book_id = %(book)s AND t.is_live AND a.owner_id = %(owner)s"
        )
        owner = Book.objects.filter(pk=book).values_list("owner", flat=True).get()
        total += int(standing.rows(statement, {"book": book, "count": through, "owner": owner})[0][0])
    return total


def _booked_charged(books: QuerySet[Book]) -> int:
    """Balance of accumulated depreciation in the books that are charged, credit positive, in fen."""
    begun = Course.objects.filter(book__in=books, through__gte=F("first")).values("book")
    roles = AccountRole.objects.filter(book__in=begun, role__startswith=postings.DEPRECIATION)
    roles |= AccountRole.objects.filter(book__in=begun, role__startswith=postings.AMORTISATION)
    moved = MonthBalance.objects.filter(account__in=roles.values("account"))
    sums = moved.aggregate(debit=Sum("debit_fen"), credit=Sum("credit_fen"))
    return int(sums["credit"] or 0) - int(sums["debit"] or 0)


def _differences(cards: QuerySet[Asset], books: QuerySet[Book]) -> list[Difference]:
    """The first cards on which register and ledger disagree; reads both, so it is asked for only when they do."""
    booked: dict[str, int] = {}
    for role in ("ASSET_COST", "INTANGIBLE_COST"):
        for subject, fen in ledger.balances_by_subject_sum(role, books):
            booked[subject] = fen
    found: list[Difference] = []
    for key, code, name, cost in (
        cards.order_by("pk").values_list("pk", "code", "name", "cost_fen").iterator(chunk_size=5000)
    ):
        fen = booked.pop(f"asset:{key}", 0)
        if fen != cost and len(found) < MOST:
            found.append(Difference(key, code, name, cost, fen))
    rest = [(subject, fen) for subject, fen in sorted(booked.items()) if fen]
    for subject, fen in rest[: MOST - len(found)]:
        number = int(subject.partition(":")[2]) if subject.startswith("asset:") else 0
        found.append(Difference(number, "", "", 0, fen))
    return found
