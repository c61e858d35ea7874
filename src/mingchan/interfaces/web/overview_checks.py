"""Comparisons that need two contexts at once (总览核对): register and books, money and register."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import AccountRole, Book, Line, MonthBalance
from mingchan.interfaces.web import overview_rules as rules
from mingchan.kernel.actor import Actor
from mingchan.register.assets.choices import SixClass, Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import summing
from mingchan.register.funding import queries as funding

ROLE = "ASSET_COST."
CHUNK = 500
SHOWN = 50


class CardDifference(NamedTuple):
    """One card whose cost in the books isn't its cost in the register; fen. `code` empty: no such card."""

    asset_id: int
    code: str
    name: str
    register_fen: int
    ledger_fen: int


def sees_county(actor: Actor, right: str) -> bool:
    """Whether the actor holds the right over the whole county."""
    return actor.everywhere(right)


class Agreement(NamedTuple):
    """Two totals that must be equal, in fen, and in how many places they are not."""

    here_fen: int
    there_fen: int
    differences: int


def register_and_books_at_a_glance(actor: Actor, found: summing.Figures) -> Agreement:
    """The whole county's register against its books, by class; cards without an owner are a difference (3.4.1)."""
    booked = _booked(ledger.visible_to(actor).filter(county=actor.county))
    by_class: dict[str, int] = {}
    for (_owner, six_class), fen in booked.items():
        by_class[six_class] = by_class.get(six_class, 0) + fen
    register = {six_class: sums.cost_fen for six_class, sums in found.by_booked.items()}
    differences = sum(register.get(key, 0) != by_class.get(key, 0) for key in {*register, *by_class})
    return Agreement(sum(register.values()), sum(by_class.values()), differences)


def register_and_books(actor: Actor, on: date) -> list[rules.BookRow]:
    """Cost by owner and class, register against books.

    Cards without an owner are in no book; who sees the whole county sees them as a difference (3.4.1).
    """
    seen = ledger.visible_to(actor).filter(county=actor.county)
    books = dict(seen.values_list("owner_id", "id"))
    whole = sees_county(actor, "ledger.view")
    register = {key: fen for key, fen in summing.owned(actor.county, on).items() if whole or key[0] in books}
    return rules.compare_books(register, _booked(seen), books)


def _booked(books: QuerySet[Book]) -> dict[tuple[int, str], int]:
    """Balance of the asset accounts by owner and class, from the month balances."""
    owners = dict(books.values_list("id", "owner_id"))
    roles = AccountRole.objects.filter(book__in=owners, role__startswith=ROLE)
    classes = dict(roles.values_list("account_id", "role"))
    found: dict[tuple[int, str], int] = {}
    balances = MonthBalance.objects.filter(account__in=classes).values_list("book_id", "account_id").order_by()
    for book, account, fen in balances.annotate(fen=Sum(F("debit_fen") - F("credit_fen"))):
        key = (owners[book], classes[account].removeprefix(ROLE))
        found[key] = found.get(key, 0) + int(fen)
    return found


def card_differences(book: Book, six_class: str) -> list[CardDifference]:
    """The first cards of a class of the book's owner whose booked cost differs from the register.

    Reads every line of the class's account: asked for when there is a difference to explain, never for an overview.
    """
    accounts = list(
        AccountRole.objects.filter(book=book, role=f"{ROLE}{SixClass(six_class)}").values_list("account_id", flat=True)
    )
    return list(islice(_differences(book, six_class, accounts), SHOWN))


def _differences(book: Book, six_class: str, accounts: list[int]) -> Iterator[CardDifference]:
    lines = Line.objects.filter(account__in=accounts)
    booked = iter(
        lines.filter(subject__startswith="asset:")
        .order_by("subject")
        .values_list("subject")
        .annotate(fen=Sum(F("debit_fen") - F("credit_fen")))
        .iterator(chunk_size=CHUNK)
    )
    while chunk := [(int(subject.partition(":")[2]), int(fen)) for subject, fen in islice(booked, CHUNK)]:
        cards: dict[int, tuple[Any, ...]] = {
            row[0]: row
            for row in Asset.objects.filter(pk__in=[pk for pk, _fen in chunk]).values_list(
                "id", "code", "name", "cost_fen", "owner_id", "six_class", "status"
            )
        }
        for pk, fen in chunk:
            _id, code, name, cost, *where = cards.get(pk, (pk, "", "", 0, None, "", ""))
            counts = cost if where == [book.owner_id, six_class, Status.ACTIVE.value] else 0
            if counts != fen:
                yield CardDifference(pk, code, name, counts, fen)
    subject = Concat(Value("asset:"), Cast(OuterRef("pk"), CharField()))
    unbooked = Asset.objects.filter(
        ~Exists(lines.filter(subject=subject)),
        county=book.county,
        owner=book.owner_id,
        six_class=six_class,
        status=Status.ACTIVE,
        cost_fen__gt=0,
    ).order_by("id")
    for pk, code, name, cost in unbooked.values_list("id", "code", "name", "cost_fen")[:SHOWN]:
        yield CardDifference(pk, code, name, cost, 0)


def money_and_register(actor: Actor, on: date) -> list[rules.MoneyRow]:
    """Money that became assets against registered cost; only whole-county sight of both gives a true comparison."""
    spent = [
        rules.Spent(row.line_id, row.system, row.tiers, row.funding, row.asset_fen) for row in funding.line_sums(actor)
    ]
    return rules.compare_money(spent, summing.figures(actor, on, "funding.view").by_source)
