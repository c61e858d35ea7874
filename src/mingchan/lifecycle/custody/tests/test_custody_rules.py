"""Terms: when they end and how they stand; the duties of the policy pack."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.policy import queries as policy
from mingchan.lifecycle.custody import rules
from mingchan.register.assets.choices import Tier


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2020, 5, 16), 36, date(2023, 5, 15)),
        (date(2020, 1, 31), 1, date(2020, 2, 28)),
        (date(2020, 1, 1), 12, date(2020, 12, 31)),
        (date(2020, 12, 1), 1, date(2020, 12, 31)),
    ],
)
def test_a_term_ends_the_day_before_it_would_begin_again(start, months, end):
    assert rules.term_end(start, months) == end


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_a_term_ends_after_it_begins_and_in_its_month(start, months):
    end = rules.term_end(start, months)
    assert end >= start
    assert abs((end - start).days - months * 30.44) < 5


@pytest.mark.parametrize(
    ("due", "state"),
    [
        (None, "UNSET"),
        (date(2020, 5, 17), "OVER"),
        (date(2020, 5, 18), "ENDING"),
        (date(2020, 7, 17), "ENDING"),
        (date(2020, 7, 18), "RUNNING"),
    ],
)
def test_how_a_term_stands(due, state):
    assert rules.term_state(due, date(2020, 5, 18), 60) == state


def test_what_no_term_can_be():
    on = date(2020, 5, 18)
    assert rules.term_fault(on - timedelta(days=1), on) == "ends_before"
    assert rules.term_fault(date(2051, 1, 1), on) == "too_long"
    assert rules.term_fault(on, on) is None


def test_every_tier_has_duties_in_both_languages():
    duties = policy.custody_duties()
    assert set(duties) == set(Tier.values)
    assert all(part.duties and part.term_months > 0 and part.inspect_days > 0 for part in duties.values())
    assert all(text and english for part in duties.values() for text, english in part.duties)
