"""Entries for project money, as an accountant reads them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mingchan.kernel.refs import Ref
from mingchan.register.funding import postings


def _entry(parts):
    return postings.expenses(
        1, date(2019, 6, 4), parts, summary="费用性支出", source=Ref("batch", 7), key="k", division="140932000000"
    )


def test_a_training_is_operating_expense_against_the_appropriation_income():
    draft = _entry([postings.ExpensePart("fund_use:1", "电商培训", 125_000_000)])
    assert [(line.account_role, line.debit_fen, line.credit_fen, line.subject) for line in draft.lines] == [
        ("OPERATING_EXPENSE", 125_000_000, 0, "fund_use:1"),
        ("PROJECT_MONEY", 0, 125_000_000, "fund_use:1"),
    ]
    assert [(line.account_role, line.debit_fen, line.credit_fen, line.subject) for line in draft.budget] == [
        ("BUDGET_EXPENSE", 125_000_000, 0, "fund_use:1"),
        ("BUDGET_APPROPRIATION", 0, 125_000_000, "fund_use:1"),
    ]


@given(st.lists(st.integers(1, 10**13), min_size=1, max_size=40))
def test_every_entry_balances_and_carries_each_payment_once(amounts):
    draft = _entry([postings.ExpensePart(f"fund_use:{n}", "支出", amount) for n, amount in enumerate(amounts, 1)])
    assert sum(line.debit_fen for line in draft.lines) == sum(line.credit_fen for line in draft.lines) == sum(amounts)
    assert len(draft.lines) == len(draft.budget) == 2 * len(amounts)
    assert sum(line.debit_fen for line in draft.budget) == sum(line.credit_fen for line in draft.budget) == sum(amounts)
