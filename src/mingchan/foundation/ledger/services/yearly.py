"""Carrying a year's result to the next (年终结转): income and expense to 累计盈余, by vouchers of 31 December.

Government books: 收入、费用 → 3301 本期盈余 → 3302 本年盈余分配 → 3001 累计盈余; 3401 无偿调拨净资产 and 3501
以前年度盈余调整 → 3001; budget income and expense → 8101 财政拨款结转. Village books: 收入、支出 → 321 本年收益 →
322 收益分配.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import permissions
from mingchan.foundation.ledger.choices import System
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.foundation.ledger.models import Book, MonthBalance, Voucher
from mingchan.foundation.ledger.queries import checklist
from mingchan.foundation.ledger.services.posting import lock_book, post
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal

CLAUSES = ("3.4.1", "4.1")
BUDGET_RESULT = "8101"
"""Where budget income and expense end: 财政拨款结转, for all money here is the treasury's."""


@transaction.atomic
def close_year(book_id: int, year: int, *, actor: Actor, on: date) -> list[Voucher]:
    """Carry income and expense of a year, and post what was posted since a former carrying; answers the vouchers.

    Nothing is posted where nothing is left. Raises Refusal before the year's last day or when December is closed,
    NotAllowed and NotFound by right and scope. Serves 3.4.1, 4.1.
    """
    book = lock_book(book_id)
    permissions.require_over(actor, permissions.CLOSE, book)
    if on < date(year, 12, 31):
        raise Refusal(_("%(year)s 年还没有结束，不能结转。") % {"year": year}, clauses=CLAUSES, field="year")
    month = year * 100 + checklist.DECEMBER
    roles = policy.account_roles(book.system)
    vouchers = []
    budget: list[tuple[str, int]] = []
    financial: list[tuple[str, int]] = []
    for account, fen in checklist.to_carry(book, month):
        (budget if account.element.startswith("BUDGET") else financial).append((account.code, fen))
    steps: list[tuple[str, str, Sequence[tuple[str, int]], str]] = [
        ("result", _("结转%(year)s年收入、费用"), financial, roles["YEAR_RESULT"]),
        ("budget", _("结转%(year)s年预算收入、支出"), budget, BUDGET_RESULT),
    ]
    for step, summary, sums, target in steps:
        vouchers += _carry(book, year, step, summary, sums, target, actor, on)
    chain = [(roles["YEAR_RESULT"], roles.get("YEAR_APPROPRIATION", roles["SURPLUS"]))]
    if book.system == System.GOVERNMENT:
        chain += [(roles["YEAR_APPROPRIATION"], roles["SURPLUS"])]
        chain += [(roles["TRANSFERRED_IN"], roles["SURPLUS"]), (roles["EARLIER_YEARS"], roles["SURPLUS"])]
    for source, target in chain:
        fen = _balance(book, source, month)
        if fen:
            vouchers += _carry(book, year, source, _("结转%(year)s年盈余"), [(source, fen)], target, actor, on)
    return vouchers


def _balance(book: Book, code: str, month: int) -> int:
    """Balance of an account at the end of a month, debit positive."""
    moved = MonthBalance.objects.filter(book=book, account__code=code, month__lte=month)
    return int(moved.aggregate(s=Sum(F("debit_fen") - F("credit_fen")))["s"] or 0)


def _carry(
    book: Book,
    year: int,
    step: str,
    summary: str,
    sums: Sequence[tuple[str, int]],
    target: str,
    actor: Actor,
    on: date,
) -> list[Voucher]:
    """One voucher that brings the accounts to nothing against the target."""
    lines = [
        LineDraft(account_code=code, credit_fen=fen) if fen > 0 else LineDraft(account_code=code, debit_fen=-fen)
        for code, fen in sums
        if fen
    ]
    if not lines:
        return []
    debit = sum(fen for _code, fen in sums if fen > 0)
    credit = -sum(fen for _code, fen in sums if fen < 0)
    if debit:
        lines.append(LineDraft(account_code=target, debit_fen=debit))
    if credit:
        lines.append(LineDraft(account_code=target, credit_fen=credit))
    key = f"year:{book.pk}:{year}:{step}"
    before = Voucher.objects.filter(book=book, key__startswith=f"{key}:").count()
    draft = VoucherDraft(
        book_id=book.pk,
        day=date(year, 12, 31),
        summary=summary % {"year": year},
        lines=lines,
        source=book.ref,
        key=f"{key}:{before + 1}",
        division=book.division_code,
    )
    return [post(draft, actor=actor, on=on)]
