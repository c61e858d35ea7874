"""Days, percents and how a stage stands: tables and properties, no database."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.policy import queries as policy
from mingchan.oversight.workplan import measures, rules

START, END = date(2020, 4, 16), date(2020, 5, 15)


@pytest.mark.parametrize(
    ("day", "closed", "state"),
    [
        (date(2020, 4, 15), None, "AHEAD"),
        (START, None, "UNDER_WAY"),
        (date(2020, 5, 7), None, "UNDER_WAY"),
        (date(2020, 5, 8), None, "DUE_SOON"),
        (END, None, "DUE_SOON"),
        (date(2020, 5, 16), None, "OVERDUE"),
        (date(2020, 5, 16), END, "CLOSED"),
        (date(2020, 5, 20), date(2020, 5, 18), "CLOSED_LATE"),
        (date(2020, 5, 17), date(2020, 5, 18), "OVERDUE"),
        (date(2020, 4, 20), date(2020, 5, 10), "UNDER_WAY"),
    ],
)
def test_how_a_stage_stands_on_a_day(day, closed, state):
    assert rules.state(START, END, day, closed) == state


def test_days_late_count_to_the_closing_or_to_the_day():
    assert rules.days_late(END, date(2020, 5, 25), None) == 10
    assert rules.days_late(END, date(2020, 5, 25), date(2020, 5, 17)) == 2
    assert rules.days_late(END, date(2020, 5, 16), date(2020, 5, 17)) == 1
    assert rules.days_late(END, START, None) == 0


def test_the_template_moves_by_whole_years_even_from_a_leap_day():
    assert rules.in_year(date(2020, 2, 15), 1) == date(2021, 2, 15)
    assert rules.in_year(date(2020, 2, 29), 1) == date(2021, 2, 28)
    assert rules.in_year(date(2020, 2, 29), 4) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("done", "total", "found"), [(0, 0, None), (0, 3, 0), (2, 3, 66), (999, 1000, 99), (3, 3, 100)]
)
def test_a_percent_is_whole_and_only_everything_is_a_hundred(done, total, found):
    assert rules.percent(done, total) == found


@given(st.integers(1, 10**15), st.integers(0, 10**15))
def test_a_hundred_per_cent_means_that_nothing_is_missing(total, done):
    found = rules.percent(done, total)
    assert found is not None
    assert 0 <= found <= 100
    assert (found == 100) == (done >= total)


def test_a_stage_is_the_mean_of_its_known_outputs():
    assert rules.stage_percent([100, None, 33]) == 66
    assert rules.stage_percent([None, None]) == 0
    assert rules.stage_percent([]) == 0


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=1))
def test_a_stage_is_complete_only_when_all_that_is_counted_is(found):
    known = [one for one in found if one is not None]
    assert (rules.stage_percent(found) == 100) == (bool(known) and all(one == 100 for one in known))


def test_stages_must_follow_one_another():
    days = [(date(2020, 1, 1), date(2020, 1, 31)), (date(2020, 2, 1), date(2020, 2, 20))]
    assert rules.out_of_order(days) is None
    assert rules.out_of_order([days[1], days[0]]) == 1
    assert rules.out_of_order([(days[0][1], days[0][0])]) == 0
    assert rules.out_of_order([days[0], (days[0][1], days[1][1])]) == 1


@given(st.dates(date(2019, 1, 1), date(2022, 1, 1)))
def test_a_day_always_lies_on_the_line(day):
    assert 0 <= rules.along(day, START, END, 960) <= 960


def test_the_line_is_marked_by_months_across_a_year():
    assert rules.month_starts(date(2020, 11, 3), date(2021, 1, 9)) == [
        date(2020, 11, 1), date(2020, 12, 1), date(2021, 1, 1),
    ]  # fmt: skip


def test_the_template_is_the_plans_own_four_stages():
    stages = policy.stage_template().stages
    assert [(stage.starts_on, stage.ends_on) for stage in stages] == [
        (date(2020, 2, 15), date(2020, 3, 15)),
        (date(2020, 3, 16), date(2020, 4, 15)),
        (date(2020, 4, 16), date(2020, 5, 15)),
        (date(2020, 5, 16), date(2020, 6, 15)),
    ]
    assert all(after.starts_on - before.ends_on == timedelta(days=1) for before, after in pairwise(stages))
    assert {stage.clause for stage in stages} | {out.clause for s in stages for out in s.outputs} <= set(
        policy.clauses()
    )


def test_every_output_of_the_template_is_computed_by_a_measure():
    wanted = {out.measure for stage in policy.stage_template().stages for out in stage.outputs}
    assert wanted <= set(measures.known())
    with pytest.raises(ValueError, match="twice"):
        measures.register(measures.Measure("register", "FEN", "", lambda _actor, _day: None))
