"""The straight line: the worked figures of the accounting standard, and what must hold for any card."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.register.depreciation import postings, rules
from mingchan.register.depreciation.postings import Group, Reclassed

GOVERNMENT = "GOVERNMENT"
FEN = st.integers(101, 10**12)
LIFE = st.integers(1, 600)


@pytest.mark.parametrize(
    ("cost", "life", "acquired", "as_of", "months", "charged"),
    [
        (480_000, 72, date(2019, 6, 30), 202003, 10, 66_667),
        (480_000, 72, date(2019, 6, 1), 202504, 71, 473_333),
        (480_000, 72, date(2019, 6, 1), 202505, 72, 480_000),
        (359_900, 72, date(2018, 12, 31), 202012, 25, 124_965),
        (12_800_000, 96, date(2019, 1, 1), 202006, 18, 2_400_000),
        (120_000, 180, date(2019, 9, 9), 202012, 16, 10_667),
    ],
)
def test_a_government_card_is_charged_from_the_month_of_entry(
    cost: int, life: int, acquired: date, as_of: int, months: int, charged: int
) -> None:
    due = rules.first_due(acquired, GOVERNMENT)
    assert rules.counted(as_of) - due + 1 == months
    assert rules.accumulated(cost, life, months) == charged


def test_the_same_card_in_a_village_book_is_a_month_behind() -> None:
    due = rules.first_due(date(2019, 6, 30), "VILLAGE")
    months = rules.counted(202003) - due + 1
    assert (months, rules.accumulated(480_000, 72, months)) == (9, 60_000)


def test_a_card_that_leaves_in_a_month_is_charged_for_it_in_a_village_book_only() -> None:
    assert rules.written(rules.last_needed(date(2020, 5, 20), GOVERNMENT)) == 202004
    assert rules.written(rules.last_needed(date(2020, 5, 20), "VILLAGE")) == 202005


@given(cost=FEN, life=LIFE)
def test_a_whole_life_is_charged_to_the_fen_and_evenly(cost: int, life: int) -> None:
    months = [rules.accumulated(cost, life, k) - rules.accumulated(cost, life, k - 1) for k in range(1, life + 1)]
    assert sum(months) == cost
    assert max(months) - min(months) <= 1
    assert rules.accumulated(cost, life, life + 9) == cost
    assert rules.accumulated(cost, life, -3) == 0


@given(cost=FEN, life=st.integers(2, 600), at=st.integers(1, 700), charged=st.integers(0, 10**12))
def test_after_a_change_the_rest_is_spread_and_the_past_stays(cost: int, life: int, at: int, charged: int) -> None:
    charged = min(charged, cost)
    base, months, began, before = rules.spread(cost, life, 24_240, 24_240 + at, charged)
    assert (before, began) == (charged, 24_240 + at)
    assert months == max(life - at, 1)
    assert rules.charged_through(base, months, began, before, began - 1) == charged
    assert rules.charged_through(base, months, began, before, began + months) == cost


@given(cost=FEN, life=LIFE, late=st.integers(0, 700))
def test_a_card_without_a_balance_or_with_that_of_its_line_is_on_its_line(cost: int, life: int, late: int) -> None:
    line = (cost, life, 24_240, 0)
    balance = rules.accumulated(cost, life, late)
    assert rules.opened(cost, life, 24_240, 24_240 + late, 0) == line
    assert rules.opened(cost, life, 24_240, 24_240 + late, balance) == line


@given(month=st.integers(1990, 2099).flatmap(lambda y: st.integers(1, 12).map(lambda m: y * 100 + m)))
def test_months_are_counted_and_written_back(month: int) -> None:
    assert rules.written(rules.counted(month)) == month
    last = rules.last_day(rules.counted(month))
    after = last + timedelta(days=1)
    assert (last.year * 100 + last.month, after.day) == (month, 1)


@pytest.mark.parametrize(
    ("month", "through", "system", "on", "reason"),
    [
        (202003, None, GOVERNMENT, date(2020, 3, 31), ""),
        (202003, None, GOVERNMENT, date(2020, 3, 30), "not_over"),
        (202003, None, "VILLAGE", date(2020, 3, 1), ""),
        (202004, None, "VILLAGE", date(2020, 3, 31), "not_begun"),
        (202004, 202003, GOVERNMENT, date(2020, 5, 2), ""),
        (202003, 202003, GOVERNMENT, date(2020, 5, 2), "done"),
        (202002, 202003, GOVERNMENT, date(2020, 5, 2), "done"),
        (202005, 202003, GOVERNMENT, date(2020, 6, 2), "gap"),
    ],
)
def test_months_are_charged_in_order_once_and_when_they_are_over(
    month: int, through: int | None, system: str, on: date, reason: str
) -> None:
    last = rules.counted(through) if through else None
    assert rules.why_not_run(rules.counted(month), last, last, system, on) == reason


def sides(lines: list[postings.LineDraft]) -> list[tuple[str, int, int]]:
    return [(line.account_role, line.debit_fen, line.credit_fen) for line in lines]


ROLES = (
    "ACCUMULATED_DEPRECIATION", "ACCUMULATED_DEPRECIATION.GENERAL", "ACCUMULATED_AMORTISATION", "DEPRECIATION_EXPENSE",
    "EARLIER_YEARS", "SURPLUS",
)  # fmt: skip


def test_a_month_is_an_expense_against_accumulated_depreciation_and_amortisation() -> None:
    groups = [Group("GENERAL", "", 66_667, 0, 9), Group("INTANGIBLE", "", 1_000, 0, 1)]
    assert sides(postings.of_run(groups, [], ROLES, subject="depreciation_run:1", is_first=False)) == [
        ("DEPRECIATION_EXPENSE", 67_667, 0),
        ("ACCUMULATED_AMORTISATION", 0, 1_000),
        ("ACCUMULATED_DEPRECIATION.GENERAL", 0, 66_667),
    ]


@pytest.mark.parametrize(("is_first", "earlier"), [(True, "SURPLUS"), (False, "EARLIER_YEARS")])
def test_what_earlier_years_left_out_is_no_expense_of_this_year(is_first: bool, earlier: str) -> None:
    lines = postings.of_run([Group("GENERAL", "", 5, 7, 1)], [], ROLES, subject="", is_first=is_first)
    assert sides(lines) == [
        ("DEPRECIATION_EXPENSE", 5, 0), (earlier, 7, 0), ("ACCUMULATED_DEPRECIATION.GENERAL", 0, 12),
    ]  # fmt: skip


def test_what_was_charged_moves_with_a_card_to_its_new_class() -> None:
    lines = postings.of_run([], [Reclassed("GENERAL", "INTANGIBLE", 9)], ROLES, subject="", is_first=False)
    assert sides(lines) == [("ACCUMULATED_DEPRECIATION.GENERAL", 9, 0), ("ACCUMULATED_AMORTISATION", 0, 9)]


def test_a_village_book_charges_by_purpose_to_its_accounts() -> None:
    roles = ("ACCUMULATED_DEPRECIATION", "DEPRECIATION_EXPENSE", "DEPRECIATION_EXPENSE.PRODUCTION", "SURPLUS")
    groups = [Group("GENERAL", "PRODUCTION", 3, 0, 1), Group("SPECIAL", "WELFARE", 4, 0, 1)]
    assert sides(postings.of_run(groups, [], roles, subject="", is_first=False)) == [
        ("DEPRECIATION_EXPENSE", 4, 0), ("DEPRECIATION_EXPENSE.PRODUCTION", 3, 0), ("ACCUMULATED_DEPRECIATION", 0, 7),
    ]  # fmt: skip
