"""Trial balance, general ledger and subsidiary ledger (科目余额表、总账、明细账).

All but the lines themselves come from the month balances, so the time doesn't grow with the ledger. Balances are in
fen, debit positive.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from mingchan.foundation.ledger.models import Account, AccountRole, Book, Line, MonthBalance
from mingchan.kernel.refs import Ref


@dataclass(slots=True)
class BalanceRow:
    """One account over a span of months, with what stands under it added up."""

    code: str
    name: str
    parent_code: str
    element: str
    normal_side: str
    is_leaf: bool
    opening_fen: int = 0
    debit_fen: int = 0
    credit_fen: int = 0
    level: int = 0

    @property
    def closing_fen(self) -> int:
        """Balance at the end, debit positive."""
        return self.opening_fen + self.debit_fen - self.credit_fen

    @property
    def opening(self) -> tuple[int, int]:
        """Opening balance as (debit, credit), one of them 0."""
        return sides(self.opening_fen)

    @property
    def closing(self) -> tuple[int, int]:
        """Closing balance as (debit, credit), one of them 0."""
        return sides(self.closing_fen)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands and nothing moved."""
        return not (self.opening_fen or self.debit_fen or self.credit_fen)

    @property
    def is_budget(self) -> bool:
        """Whether the account is of the budget side (预算会计)."""
        return self.element.startswith("BUDGET")


@dataclass(frozen=True, slots=True)
class SideBalance:
    """One side of a trial balance: rows by code, and the totals of the top accounts as pairs (debit, credit)."""

    rows: list[BalanceRow]
    opening: tuple[int, int]
    moved: tuple[int, int]
    closing: tuple[int, int]

    @property
    def balances(self) -> bool:
        """Whether debit equals credit three times over."""
        return all(debit == credit for debit, credit in (self.opening, self.moved, self.closing))

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands and nothing moved on any of its accounts."""
        return all(row.is_empty for row in self.rows)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The trial balance (试算平衡): the financial side, and apart from it the budget side of government books."""

    financial: SideBalance
    budget: SideBalance

    @property
    def rows(self) -> list[BalanceRow]:
        """All rows by code."""
        return sorted((*self.financial.rows, *self.budget.rows), key=lambda row: row.code)

    @property
    def parts(self) -> list[SideBalance]:
        """The sides to be shown: the budget side only where something stands on it."""
        return [self.financial] if self.budget.is_empty else [self.financial, self.budget]

    @property
    def balances(self) -> bool:
        """Whether each side balances by itself."""
        return self.financial.balances and self.budget.balances


def sides(balance_fen: int) -> tuple[int, int]:
    """A balance as (debit, credit): the side it stands on, the other 0."""
    return (balance_fen, 0) if balance_fen >= 0 else (0, -balance_fen)


def trial_balance(book_ids: Iterable[int] | QuerySet[Book], month_from: int, month_to: int) -> TrialBalance:
    """The trial balance of books over months, both included; accounts of several books are added up by code."""
    wanted = book_ids if isinstance(book_ids, QuerySet) else list(book_ids)
    rows: dict[str, BalanceRow] = {}
    names = ("code", "name", "parent_code", "element", "normal_side", "is_leaf")
    for values in Account.objects.filter(book__in=wanted).values_list(*names).distinct().order_by("code"):
        rows.setdefault(values[0], BalanceRow(*values))
    sums = (
        MonthBalance.objects.filter(book__in=wanted, month__lte=month_to)
        .order_by()
        .values_list("account__code")
        .annotate(
            opening=Coalesce(Sum(F("debit_fen") - F("credit_fen"), filter=Q(month__lt=month_from)), 0),
            debit=Coalesce(Sum("debit_fen", filter=Q(month__gte=month_from)), 0),
            credit=Coalesce(Sum("credit_fen", filter=Q(month__gte=month_from)), 0),
        )
    )
    for code, opening, debit, credit in sums:
        row: BalanceRow | None = rows[code]
        while row is not None:
            row.opening_fen += opening
            row.debit_fen += debit
            row.credit_fen += credit
            row = rows.get(row.parent_code)
    for row in rows.values():
        row.level = _level(row, rows)
    return TrialBalance(_side(rows.values(), is_budget=False), _side(rows.values(), is_budget=True))


def _side(rows: Iterable[BalanceRow], *, is_budget: bool) -> SideBalance:
    own = [row for row in rows if row.is_budget is is_budget]
    tops = [row for row in own if not row.level]
    return SideBalance(
        rows=own,
        opening=(sum(row.opening[0] for row in tops), sum(row.opening[1] for row in tops)),
        moved=(sum(row.debit_fen for row in tops), sum(row.credit_fen for row in tops)),
        closing=(sum(row.closing[0] for row in tops), sum(row.closing[1] for row in tops)),
    )


def _level(row: BalanceRow, rows: dict[str, BalanceRow]) -> int:
    level, parent = 0, rows.get(row.parent_code)
    while parent is not None:
        level, parent = level + 1, rows.get(parent.parent_code)
    return level


@dataclass(frozen=True, slots=True)
class BookBalance:
    """One account code in one book over a span of months."""

    book_id: int
    book_name: str
    row: BalanceRow


def account_by_book(books: QuerySet[Book], code: str, month_from: int, month_to: int) -> list[BookBalance]:
    """What stands on an account code in each book, the books with nothing left out."""
    found = []
    names = dict(books.values_list("id", "name"))
    sums: dict[int, list[int]] = {}
    rows = (
        MonthBalance.objects.filter(book__in=books, account__code__startswith=code, month__lte=month_to)
        .order_by()
        .values_list("book_id", Case(When(month__lt=month_from, then=0), default=1, output_field=IntegerField()))
        .annotate(debit=Sum("debit_fen"), credit=Sum("credit_fen"))
    )
    for book_id, is_inside, debit, credit in rows:
        three = sums.setdefault(book_id, [0, 0, 0])
        if is_inside:
            three[1] += debit
            three[2] += credit
        else:
            three[0] += debit - credit
    for book_id in sorted(sums):
        found.append(BookBalance(book_id, names[book_id], BalanceRow(code, "", "", "", "", True, *sums[book_id])))
    return found


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the general ledger: what moved, and the balance at its end (debit positive)."""

    month: int
    debit_fen: int
    credit_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class GeneralLedger:
    """The general ledger (总账) of an account with what stands under it."""

    opening_fen: int
    rows: list[MonthRow]

    @property
    def closing_fen(self) -> int:
        """Balance at the end, debit positive."""
        return self.rows[-1].balance_fen if self.rows else self.opening_fen


def leaves(account: Account) -> QuerySet[Account]:
    """The account itself, or the last-level accounts under it."""
    if account.is_leaf:
        return Account.objects.filter(pk=account.pk)
    return Account.objects.filter(book_id=account.book_id, code__startswith=account.code, is_leaf=True)


def opening_of(account: Account, month: int) -> int:
    """Balance before a month, debit positive."""
    moved = MonthBalance.objects.filter(account__in=leaves(account), month__lt=month)
    return int(moved.aggregate(sum=Coalesce(Sum(F("debit_fen") - F("credit_fen")), 0))["sum"])


def general_ledger(account: Account, month_from: int, month_to: int) -> GeneralLedger:
    """Months with movement, in order, each with the balance at its end."""
    balance = opening = opening_of(account, month_from)
    moved = MonthBalance.objects.filter(account__in=leaves(account), month__gte=month_from, month__lte=month_to)
    rows = []
    for month, debit, credit in (
        moved.values_list("month").annotate(debit=Sum("debit_fen"), credit=Sum("credit_fen")).order_by("month")
    ):
        balance += debit - credit
        rows.append(MonthRow(month, debit, credit, balance))
    return GeneralLedger(opening, rows)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the subsidiary ledger with the balance after it (debit positive)."""

    id: int
    month: int
    day: date
    voucher_id: int
    label: str
    summary: str
    subject: str
    is_red: bool
    debit_fen: int
    credit_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of the subsidiary ledger; `following` is the cursor of the next page."""

    opening_fen: int
    rows: list[LedgerLine]
    following: str | None


def account_ledger(
    account: Account, month_from: int, month_to: int, *, after: str = "", limit: int = 100
) -> LedgerPage:
    """The subsidiary ledger (明细账) of a last-level account: lines by month in the order of their numbers.

    `after` is the cursor `month.line` of the last line shown; the balance carries on from there.
    """
    lines = Line.objects.filter(account=account, month__gte=month_from, month__lte=month_to)
    balance = opening_of(account, month_from)
    if after:
        month, _dot, number = after.partition(".")
        if month.isdecimal() and number.isdecimal():
            at, last = max(int(month), month_from), int(number)
            balance = opening_of(account, at)
            before = Line.objects.filter(account=account, month=at, pk__lte=last)
            balance += before.aggregate(sum=Coalesce(Sum(F("debit_fen") - F("credit_fen")), 0))["sum"]
            lines = lines.filter(Q(month=at, pk__gt=last) | Q(month__gt=at))
    found = list(lines.select_related("voucher").order_by("month", "id")[: limit + 1])
    opening, rows = balance, []
    for line in found[:limit]:
        balance += line.debit_fen - line.credit_fen
        rows.append(
            LedgerLine(
                id=line.pk,
                month=line.month,
                day=line.voucher.day,
                voucher_id=line.voucher_id,
                label=line.voucher.label,
                summary=line.summary or line.voucher.summary,
                subject=line.subject,
                is_red=line.voucher.reverses_id is not None,
                debit_fen=line.debit_fen,
                credit_fen=line.credit_fen,
                balance_fen=balance,
            )
        )
    following = f"{rows[-1].month}.{rows[-1].id}" if len(found) > limit else None
    return LedgerPage(opening, rows, following)


def lines_of_subject(ref: Ref | str) -> QuerySet[Line]:
    """All lines about one object, in the order they were booked."""
    return Line.objects.filter(subject=str(ref)).select_related("voucher", "account").order_by("id")


def accounts_in_role(role: str, books: QuerySet[Book] | None = None) -> QuerySet[AccountRole]:
    """The accounts that play a role or one of its parts (`ASSET_COST` takes `ASSET_COST.GENERAL` with it)."""
    roles = AccountRole.objects.filter(Q(role=role) | Q(role__startswith=f"{role}."))
    return roles if books is None else roles.filter(book__in=books)


def balance_of_role(role: str, books: QuerySet[Book] | None = None) -> int:
    """Balance of a role over books in fen, debit positive, from the month balances."""
    moved = MonthBalance.objects.filter(account__in=accounts_in_role(role, books).values("account"))
    return int(moved.aggregate(sum=Coalesce(Sum(F("debit_fen") - F("credit_fen")), 0))["sum"])


def balances_by_subject_sum(role: str, books: QuerySet[Book] | None = None) -> Iterator[tuple[str, int]]:
    """Balance of a role for each object as (subject, fen), debit positive, zeros left out; reads all its lines."""
    lines = Line.objects.filter(account__in=accounts_in_role(role, books).values("account"))
    sums = lines.order_by("subject").values_list("subject").annotate(sum=Sum(F("debit_fen") - F("credit_fen")))
    return sums.filter(~Q(sum=0)).iterator()
