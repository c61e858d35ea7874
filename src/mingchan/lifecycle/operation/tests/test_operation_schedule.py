"""The schedule of contracts: sums to the fen, free months, steps, cut months (2.4.2a)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.lifecycle.operation import schedule
from mingchan.lifecycle.operation.schedule import Terms

FIRST = date(2020, 7, 1)


def terms(**changes: object) -> Terms:
    given_terms = {
        "starts_on": FIRST, "last_day": date(2023, 6, 30), "yearly_fen": 1_200_000, "every": "QUARTER",
        "due_at": "START", "due_days": 10, "free_months": 0, "steps": (),
    }  # fmt: skip
    return Terms(**{**given_terms, **changes})  # type: ignore[arg-type]


def test_a_year_in_quarters() -> None:
    found = schedule.rent(terms(last_day=date(2021, 6, 30)))
    assert [(period.starts_on, period.last_day, period.due_on, period.fen) for period in found] == [
        (date(2020, 7, 1), date(2020, 9, 30), date(2020, 7, 11), 300_000),
        (date(2020, 10, 1), date(2020, 12, 31), date(2020, 10, 11), 300_000),
        (date(2021, 1, 1), date(2021, 3, 31), date(2021, 1, 11), 300_000),
        (date(2021, 4, 1), date(2021, 6, 30), date(2021, 4, 11), 300_000),
    ]


def test_rent_is_owed_at_the_end_when_so_agreed() -> None:
    found = schedule.rent(terms(every="YEAR", due_at="END", due_days=0))
    assert [period.due_on for period in found] == [date(2021, 6, 30), date(2022, 6, 30), date(2023, 6, 30)]


def test_free_months_come_first_and_periods_without_rent_are_left_out() -> None:
    found = schedule.rent(terms(free_months=4))
    assert found[0].starts_on == date(2020, 10, 1)
    assert found[0].fen == 200_000
    assert sum(period.fen for period in found) == 3 * 1_200_000 - 4 * 100_000


def test_steps_begin_with_their_month() -> None:
    found = schedule.rent(terms(every="YEAR", steps=((13, 1_320_000), (25, 1_440_000))))
    assert [period.fen for period in found] == [1_200_000, 1_320_000, 1_440_000]


def test_a_cut_month_counts_by_its_days() -> None:
    found = schedule.rent(terms(every="MONTH", last_day=date(2020, 8, 10)))
    assert [period.fen for period in found] == [100_000, schedule.by_days(100_000, 10, 31)]


@pytest.mark.parametrize(
    ("first", "months", "expected"),
    [
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2020, 1, 31), 2, date(2020, 3, 31)),
        (date(2020, 12, 15), 1, date(2021, 1, 15)),
        (date(2020, 7, 1), 36, date(2023, 7, 1)),
    ],
)
def test_months_after_a_day(first: date, months: int, expected: date) -> None:
    assert schedule.month_start(first, months) == expected


@pytest.mark.parametrize(("fen", "bp", "expected"), [(100, 1500, 15), (333, 5000, 167), (-500, 5000, 0), (0, 10000, 0)])
def test_a_share_is_rounded_half_up_and_a_loss_gives_nothing(fen: int, bp: int, expected: int) -> None:
    assert schedule.share(fen, bp) == expected


DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))


@given(DAYS, st.integers(1, 8), st.integers(0, 10**9), st.sampled_from(sorted(schedule.MONTHS)))
def test_whole_years_sum_to_the_rent_of_the_years(first: date, years: int, yearly: int, every: str) -> None:
    whole = terms(starts_on=first, last_day=schedule.years_after(first, years), yearly_fen=yearly, every=every)
    assert sum(period.fen for period in schedule.rent(whole)) == years * yearly


@given(DAYS, st.integers(0, 3000), st.sampled_from(sorted(schedule.MONTHS)))
def test_periods_cover_the_term_without_gap_or_overlap(first: date, length: int, every: str) -> None:
    last = first + timedelta(days=length)
    found = list(schedule.periods(first, last, every))
    assert found[0][0] == first
    assert found[-1][1] == last
    assert all(one[1] + timedelta(days=1) == two[0] for one, two in pairwise(found))


@given(
    DAYS,
    st.integers(0, 2500),
    st.integers(0, 10**8),
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(2, 80), st.integers(0, 10**8)), max_size=4),
    st.sampled_from(sorted(schedule.MONTHS)),
)
def test_every_rhythm_gives_the_same_sum(
    first: date, length: int, yearly: int, free: int, steps: list[tuple[int, int]], every: str
) -> None:
    asked = terms(
        starts_on=first, last_day=first + timedelta(days=length), yearly_fen=yearly, free_months=free,
        steps=tuple(sorted(steps)), every=every,
    )  # fmt: skip
    by_period = sum(period.fen for period in schedule.rent(asked))
    assert by_period == sum(fen for _first, _last, fen in schedule.months(asked))


@given(st.integers(0, 10**10), st.integers(1, 366), st.integers(1, 366))
def test_a_part_by_days_stays_inside_the_whole(fen: int, days: int, more: int) -> None:
    whole = days + more
    part = schedule.by_days(fen, days, whole)
    assert 0 <= part <= fen
    assert abs(2 * (part * whole - fen * days)) <= whole
