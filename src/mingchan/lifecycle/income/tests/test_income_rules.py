"""Rules of income: allocation, ages, splitting by right, remittance in order, the settlement's arithmetic."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.lifecycle.income import rules
from mingchan.lifecycle.income.rules import Holding, Let, Open

D = date


@pytest.mark.parametrize(
    ("amount", "parts", "left"),
    [
        (0, {}, 0),
        (100, {2: 100}, 0),
        (300, {2: 300}, 0),
        (450, {2: 300, 1: 150}, 0),
        (700, {2: 300, 1: 200, 3: 200}, 0),
        (1000, {2: 300, 1: 200, 3: 400}, 100),
    ],
)
def test_money_goes_to_the_oldest_due_first(amount, parts, left):
    rows = [Open(3, D(2020, 9, 1), 400), Open(1, D(2020, 7, 10), 200), Open(2, D(2020, 4, 10), 300)]
    found = rules.allocate(amount, rows)
    assert dict(found.parts) == parts
    assert found.left_fen == left


def test_of_one_day_the_first_number_comes_first():
    assert dict(rules.allocate(50, [Open(9, ON, 40), Open(4, ON, 40)]).parts) == {4: 40, 9: 10}


ON = D(2020, 7, 15)
OPENS = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 10**9)), max_size=20).map(
    lambda rows: [Open(n, ON + timedelta(days=day), fen) for n, (day, fen) in enumerate(rows)]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**11), OPENS)
def test_parts_and_rest_are_the_amount_and_none_is_negative_or_too_large(amount, rows):
    found = rules.allocate(amount, rows)
    known = {row.id: row.open_fen for row in rows}
    assert sum(found.parts.values()) + found.left_fen == amount
    assert found.left_fen >= 0
    assert all(0 < fen <= known[key] for key, fen in found.parts.items())
    assert found.left_fen == 0 or dict(found.parts) == known
    assert rules.choice_fault(amount, found.parts, rows) is None


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [({1: 100}, None), ({7: 1}, "unknown"), ({1: 0}, "not_positive"), ({1: 201}, "too_much"),
     ({1: 200, 2: 101}, "over_amount")],
)  # fmt: skip
def test_chosen_parts_are_checked(chosen, fault):
    rows = [Open(1, ON, 200), Open(2, ON, 300)]
    assert rules.choice_fault(300, chosen, rows) == fault


@pytest.mark.parametrize(
    ("days", "age"),
    [(-1, "NOT_DUE"), (0, "NOT_DUE"), (1, "D30"), (30, "D30"), (31, "D90"), (90, "D90"), (91, "D180"), (180, "D180"),
     (181, "D365"), (365, "D365"), (366, "OVER")],
)  # fmt: skip
def test_ages_by_days_past_the_due_day(days, age):
    assert rules.age_of(ON - timedelta(days=days), ON) == age


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(D(2015, 1, 1), D(2025, 1, 1)))
def test_the_span_of_an_age_holds_what_has_the_age(due_on):
    first, last = rules.age_span(rules.age_of(due_on, ON), ON)
    assert first is None or first <= due_on
    assert last is None or due_on <= last


HERE, BUREAU, VILLAGE = "140932101201", 1, 2


def test_income_follows_original_value_then_shares_of_the_right():
    lets = [
        Let(10, 300, HERE, (Holding(BUREAU, 7, 10), Holding(VILLAGE, 3, 10))),
        Let(11, 100, HERE, (Holding(VILLAGE, 1, 1),)),
    ]
    # 3/4 of 1,000.00 by 7:3, 1/4 to the village alone
    assert rules.split(100_000, rules.weights(lets, BUREAU, HERE)) == {(HERE, BUREAU): 52_500, (HERE, VILLAGE): 47_500}


def test_what_nobody_holds_falls_to_the_creditor():
    lets = [Let(10, 0, HERE, (Holding(VILLAGE, 1, 3),)), Let(11, 0, HERE, ())]
    assert rules.split(600, rules.weights(lets, BUREAU, HERE)) == {(HERE, BUREAU): 500, (HERE, VILLAGE): 100}
    assert rules.split(7, rules.weights([], BUREAU, HERE)) == {(HERE, BUREAU): 7}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(-(10**12), 10**12),
    st.lists(
        st.tuples(st.integers(0, 10**9), st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), max_size=3)),
        max_size=6,
    ),
)
def test_splitting_by_right_loses_and_adds_nothing(fen, rows):
    lets = []
    for number, (weight, shares) in enumerate(rows):
        bottom = max(sum(share for _party, share in shares), 1) + number % 2
        lets.append(Let(number, weight, HERE, tuple(Holding(party, share, bottom) for party, share in shares)))
    parts = rules.split(fen, rules.weights(lets, BUREAU, HERE))
    assert sum(parts.values()) == fen
    assert all(part * fen >= 0 for part in parts.values())


def test_money_is_remitted_in_the_order_in_which_it_came():
    receipts = [(D(2020, 7, 1), 100), (D(2020, 7, 10), 50), (D(2020, 7, 14), 30)]
    assert rules.not_remitted(receipts, 0, ON, 10) == (180, 100)
    assert rules.not_remitted(receipts, 100, ON, 10) == (80, 0)
    assert rules.not_remitted(receipts, 120, ON, 3) == (60, 30)
    assert rules.not_remitted([*receipts, (ON, -180)], 0, ON, 10) == (0, 0)
    assert rules.remitted_of_year(400, 300, 500) == 100
    assert rules.remitted_of_year(400, 300, 900) == 300
    assert rules.remitted_of_year(400, 300, 300) == 0


def test_a_year_is_settled_by_31_march_of_the_next():
    assert rules.deadline(2020, 3) == D(2021, 3, 31)
    assert rules.deadline(2020, 12) == D(2021, 12, 31)


def test_receipts_are_dues_without_arrears():
    year = rules.Year(opening=100, due=1000, reduced=50, received=700)
    assert year.arrears == 350
    assert year.received == year.opening + year.due - year.reduced - year.arrears
