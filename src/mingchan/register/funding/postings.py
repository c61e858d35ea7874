"""Entries for project money (分录): the expense part of payments, 借 业务活动费用 贷 财政拨款收入.

Beside it in government books the budget side: 借 行政支出 贷 财政拨款预算收入 (domain 3.4).
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.kernel.refs import Ref

EXPENSE = "OPERATING_EXPENSE"
PROJECT_MONEY = "PROJECT_MONEY"
BUDGET_EXPENSE = "BUDGET_EXPENSE"
BUDGET_INCOME = "BUDGET_APPROPRIATION"


class ExpensePart(NamedTuple):
    """The expense part of one payment: its reference text, what it paid for, fen."""

    subject: str
    item: str
    expense_fen: int


def expenses(
    book_id: int, day: date, parts: Sequence[ExpensePart], *, summary: str, source: Ref, key: str, division: str
) -> VoucherDraft:
    """One entry for the expense parts of payments of one month: a debit and a credit line for each. Serves 3.1, 3.4.1.

    The asset parts have no entry here: the register books them when the things themselves are registered.
    """
    lines: list[LineDraft] = []
    budget: list[LineDraft] = []
    for part in parts:
        text = part.item[:200]
        lines.append(LineDraft(account_role=EXPENSE, debit_fen=part.expense_fen, subject=part.subject, summary=text))
        lines.append(
            LineDraft(account_role=PROJECT_MONEY, credit_fen=part.expense_fen, subject=part.subject, summary=text)
        )
        budget.append(LineDraft(BUDGET_EXPENSE, debit_fen=part.expense_fen, subject=part.subject, summary=text))
        budget.append(LineDraft(BUDGET_INCOME, credit_fen=part.expense_fen, subject=part.subject, summary=text))
    return VoucherDraft(book_id, day, summary, lines, source, key, division, budget)
