"""What is looked at before a month is closed (结账检查): own checks of the books, and those of contexts above.

A check answers with items: `good`, or not and then either blocking, or to be explained in writing. The ledger knows no
assets: that the depreciation is posted or the register equals the ledger is said by checks that the wiring registers.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import rules
from mingchan.foundation.ledger.choices import System
from mingchan.foundation.ledger.models import Account, AccountRole, Book, MonthBalance, Voucher
from mingchan.foundation.ledger.queries import checks, months
from mingchan.kernel.money import format_yuan

DECEMBER = 12
RESULT = ("REVENUE", "INCOME", "EXPENSE", "BUDGET_REVENUE", "BUDGET_INCOME", "BUDGET_EXPENSE")
"""Elements whose accounts start every year at nothing."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list: whether it is well, what was found, where it is put right, whether it stops the closing."""

    code: str
    label: str | Promise
    good: bool
    words: str = ""
    url: str = ""
    blocks: bool = True


Check = Callable[[Book, int, date], Iterable[Item]]
_checks: dict[str, tuple[int, Check]] = {}


def register(name: str, check: Check, *, order: int = 50) -> None:
    """Have every closing look at something more; the same name replaces it. `check(book, month, on)`."""
    _checks[name] = (order, check)


def items(book: Book, month: int, on: date) -> list[Item]:
    """The whole list for a month of a book."""
    found = list(_own(book, month, on))
    for _order, check in sorted(_checks.values(), key=lambda entry: entry[0]):
        found += check(book, month, on)
    return found


def _own(book: Book, month: int, on: date) -> Iterator[Item]:
    due = months.due_to_close(book)
    reason = rules.why_not_close(month, due, on)
    yield Item("order", _("以前月份已结账"), reason in ("", "not_begun"), months.month_text(due) if reason else "")
    faults = checks.faults_of_month(book, month)
    span = f"?book={book.pk}&month_from={month}&month_to={month}"
    yield Item(
        "balanced",
        _("凭证借贷平衡、编号连续，账账相符"),
        not faults,
        "；".join(str(fault) for fault in faults)
        or _("%(count)s 张凭证") % {"count": Voucher.objects.filter(book=book, month=month).count()},
        reverse("ledger:vouchers") + span,
    )
    if month % 100 == DECEMBER:
        yield from _year_end(book, month)


def _year_end(book: Book, month: int) -> Iterator[Item]:
    left = to_carry(book, month)
    yield Item(
        "carried",
        _("本年收入、费用已结转"),
        not left,
        _("%(count)s 个科目尚有余额") % {"count": len(left)} if left else "",
        reverse("ledger:closing", args=[book.pk]),
    )
    if book.system != System.GOVERNMENT:
        return
    for code, label, roles in (
        ("pending", _("1902 待处理财产损溢年末无余额"), ("PENDING_VALUE", "PENDING_PROCEEDS")),
        ("treasury", _("2103 应缴财政款年末无余额"), ("DUE_TO_TREASURY",)),
    ):
        accounts = AccountRole.objects.filter(book=book, role__in=roles).values("account")
        moved = MonthBalance.objects.filter(account__in=accounts, month__lte=month)
        fen = int(moved.aggregate(s=Sum(F("debit_fen") - F("credit_fen")))["s"] or 0)
        words = _("余额 %(fen)s 元") % {"fen": format_yuan(abs(fen))} if fen else ""
        yield Item(code, label, not fen, words, reverse("ledger:trial_balance") + f"?book={book.pk}", blocks=False)


def to_carry(book: Book, month: int) -> list[tuple[Account, int]]:
    """Accounts of income and expense with a balance at the end of a month, debit positive, in fen, by code."""
    rows = (
        MonthBalance.objects.filter(book=book, month__lte=month, account__element__in=RESULT)
        .order_by()
        .values_list("account")
        .annotate(fen=Sum(F("debit_fen") - F("credit_fen")))
    )
    found = {account: int(fen) for account, fen in rows if fen}
    return [(each, found[each.pk]) for each in Account.objects.filter(pk__in=found).order_by("code")]
