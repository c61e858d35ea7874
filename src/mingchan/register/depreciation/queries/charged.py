"""What was charged on assets so far (已提折旧), by account: one answer for disposal, transfers and pages.

It is the sum of an asset's charges in its book and of the lines about it on the accounts of accumulated depreciation:
an opening balance, what was taken over with it, what was taken out of the books with it. A part of a split lot has its
share of the lot's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.ledger.models import AccountRole, Book, Line
from mingchan.kernel import money
from mingchan.kernel.database import one_of, one_of_sql
from mingchan.kernel.errors import Refusal
from mingchan.kernel.period import format_day
from mingchan.register.assets.models import Asset, FormerCard
from mingchan.register.depreciation import postings, rules
from mingchan.register.depreciation.choices import RunState
from mingchan.register.depreciation.models import Course, Run, Term
from mingchan.register.depreciation.queries.line import TABLES

_PREFIX = len("asset:")
DEEPEST = 6
"""How often a part may have been split out of a part, and still be followed to the first lot."""


def by_account(asset_ids: Sequence[int]) -> dict[int, tuple[tuple[str, int], ...]]:
    """What was charged on each asset in the book of its owner: pairs (account code, fen), nothing for none."""
    found: dict[int, dict[str, int]] = {}
    books = _books_of(asset_ids)
    for key, code, fen in _lines(asset_ids, books):
        found.setdefault(key, {})[code] = found.get(key, {}).get(code, 0) + fen
    codes: dict[int, Mapping[str, str]] = {}
    classes = dict(Asset.objects.filter(pk__in=one_of(asset_ids, "bigint")).values_list("id", "six_class"))
    classes |= dict(
        Term.objects.filter(asset__in=one_of(asset_ids, "bigint"), is_live=True).values_list("asset", "six_class")
    )
    for key, fen in _rest(asset_ids, books).items():
        book = books[key]
        roles = codes.setdefault(book, codes_of(book))
        code = roles[postings.charged_on(classes[key], roles)]
        found.setdefault(key, {})[code] = found.get(key, {}).get(code, 0) + fen
    return {key: tuple((code, fen) for code, fen in sorted(by.items()) if fen) for key, by in found.items()}


def codes_of(book_id: int) -> dict[str, str]:
    """The accounts of a book by the roles that depreciation uses."""
    roles = AccountRole.objects.filter(book=book_id).values_list("role", "account__code")
    wanted = (postings.DEPRECIATION, postings.AMORTISATION, postings.EXPENSE, postings.SURPLUS, postings.EARLIER)
    return {role: code for role, code in roles if role.startswith(wanted)}


def totals(asset_ids: Sequence[int], books: Mapping[int, int] | None = None) -> dict[int, int]:
    """What was charged on each asset in all, in fen; assets without a charge are left out."""
    where = _books_of(asset_ids) if books is None else books
    found = _rest(asset_ids, where)
    for key, _code, fen in _lines(asset_ids, where):
        found[key] = found.get(key, 0) + fen
    return {key: fen for key, fen in found.items() if fen}


def _books_of(asset_ids: Sequence[int]) -> dict[int, int]:
    """The book of each asset's owner, where it has one."""
    owners = dict(
        Asset.objects.filter(pk__in=one_of(asset_ids, "bigint"), owner__isnull=False).values_list("id", "owner")
    )
    books = dict(Book.objects.filter(owner__in=one_of(set(owners.values()), "bigint")).values_list("owner", "id"))
    return {key: books[owner] for key, owner in owners.items() if owner in books}


def _lines(asset_ids: Sequence[int], books: Mapping[int, int]) -> list[tuple[int, str, int]]:
    """What the lines about the assets put on the accounts of accumulated depreciation: (asset, account code, fen)."""
    accounts = AccountRole.objects.filter(role__startswith=postings.DEPRECIATION) | AccountRole.objects.filter(
        role__startswith=postings.AMORTISATION
    )
    subjects = [f"asset:{key}" for key in asset_ids]
    rows = (
        Line.objects.filter(subject__in=one_of(subjects, "text"), account__in=accounts.values("account"))
        .order_by()
        .values_list("subject", "book", "account__code")
        .annotate(fen=Sum(F("credit_fen") - F("debit_fen")))
    )
    found = []
    for subject, book, code, fen in rows:
        key = int(subject[_PREFIX:])
        if fen and books.get(key) == book:
            found.append((key, code, int(fen)))
    return found


def _rest(asset_ids: Sequence[int], books: Mapping[int, int]) -> dict[int, int]:
    """Charges of runs, and shares of what was charged on the lots that the assets were split from."""
    found = charges(asset_ids, books)
    for key, fen in _shares(asset_ids, books, DEEPEST).items():
        found[key] = found.get(key, 0) + fen
    return found


def charges(asset_ids: Sequence[int], books: Mapping[int, int]) -> dict[int, int]:
    """The sum of each asset's charges in runs that count, in its book."""
    inside, one = one_of_sql(asset_ids)
    by_book = sorted(set(books.values()))
    if not by_book:
        return {}
    runs = dict(Run.objects.filter(book__in=one_of(by_book, "bigint"), state=RunState.POSTED).values_list("id", "book"))
    listed, other = one_of_sql(runs)
    statement = (
        f"SELECT asset_id, run_id, fen FROM {TABLES['charge']} "  # noqa: S608 - names of our own models
        f"WHERE run_id IN ({listed}) AND asset_id IN ({inside})"
    )
    found: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [*other, *one])
        for key, run, fen in cursor:
            if books.get(key) == runs[run]:
                found[key] = found.get(key, 0) + fen
    return found


def _shares(asset_ids: Sequence[int], books: Mapping[int, int], deep: int) -> dict[int, int]:
    """For parts of lots, their share of what was charged on the lot before it was split, by cost, to the fen."""
    cards = Asset.objects.filter(pk__in=one_of(asset_ids, "bigint"), parent__isnull=False)
    parents = {key: lot for key, lot in cards.values_list("id", "parent") if lot is not None}
    if not parents or not deep:
        return {}
    lots = sorted(set(parents.values()))
    where = {parents[key]: books[key] for key in parents if key in books}
    whole = charges(lots, where)
    for key, _code, fen in _lines(lots, where):
        whole[key] = whole.get(key, 0) + fen
    for key, fen in _shares(lots, where, deep - 1).items():
        whole[key] = whole.get(key, 0) + fen
    whole = {key: fen for key, fen in whole.items() if fen > 0}
    if not whole:
        return {}
    parts: dict[int, list[int]] = {}
    costs: dict[int, int] = {}
    siblings = Asset.objects.filter(parent__in=one_of(sorted(whole), "bigint")).order_by("id")
    for key, lot, cost in siblings.values_list("id", "parent", "cost_fen"):
        if lot is None:
            continue
        parts.setdefault(lot, []).append(key)
        costs[key] = cost
    first = FormerCard.objects.filter(asset__in=one_of(sorted(costs), "bigint")).order_by("asset", "-left_on")
    costs |= dict(first.values_list("asset", "cost_fen"))
    found: dict[int, int] = {}
    for lot, fen in whole.items():
        weights = [costs[key] for key in parts[lot]]
        found |= dict(zip(parts[lot], money.split(fen, weights if any(weights) else [1] * len(weights)), strict=True))
    return {key: found[key] for key in parents if found.get(key)}


def require_current(asset_ids: Sequence[int], on: date) -> None:
    """Raises Refusal when an asset leaves its book on a day and a month before is not charged yet.

    What leaves the books takes its whole accumulated depreciation with it, so every charge up to then is posted first.
    """
    books = _books_of(asset_ids)
    held = Course.objects.filter(book__in=one_of(set(books.values()), "bigint"), through__gte=F("first"))
    for course in held.select_related("book").order_by("book"):
        needed = rules.last_needed(on, course.book.system)
        if course.through >= needed:
            continue
        mine = [key for key, book in books.items() if book == course.book_id]
        if _is_due(mine, course, needed):
            month = rules.written(course.through + 1)
            words = {"book": course.book.name, "month": format_day(date(month // 100, month % 100, 1), "M")}
            raise Refusal(
                _("“%(book)s”%(month)s的折旧还没有计提，请先计提，再办理资产转出") % words, clauses=("3.4.1",)
            )


def _is_due(asset_ids: Sequence[int], course: Course, needed: int) -> bool:
    """Whether one of the assets has a charge in the months after the last run."""
    terms = Term.objects.filter(asset__in=one_of(asset_ids, "bigint"), book=course.book_id, is_live=True)
    seen = set()
    for key, began, months in terms.values_list("asset", "began", "months"):
        seen.add(key)
        if course.through - began + 1 < months:
            return True
    cards = Asset.objects.filter(pk__in=one_of([key for key in asset_ids if key not in seen], "bigint"))
    cards = cards.exclude(six_class__in=rules.NOT_CHARGED).filter(life_months__gt=0, acquired_on__isnull=False)
    return any(
        rules.first_due(day, course.book.system) <= needed
        for day in cards.filter(cost_fen__gt=rules.NOMINAL_FEN).values_list("acquired_on", flat=True)
        if day is not None
    )


def opening_balances(book: Book, parts: Iterable[int]) -> dict[int, int]:
    """What a book already holds as charged on assets that it has no term for: by lines, and as shares of lots."""
    accounts = AccountRole.objects.filter(book=book, role__startswith="ACCUMULATED_").values("account")
    rows = (
        Line.objects.filter(account__in=accounts, subject__startswith="asset:")
        .order_by()
        .values_list("subject")
        .annotate(fen=Sum(F("credit_fen") - F("debit_fen")))
    )
    found = {int(subject[_PREFIX:]): int(fen) for subject, fen in rows if fen}
    listed = list(parts)
    if listed:
        for key, fen in _rest(listed, dict.fromkeys(listed, book.pk)).items():
            found[key] = found.get(key, 0) + fen
    return {key: fen for key, fen in found.items() if fen > 0}
