"""Random samples weighted by value and risk, and what they say of the whole (抽样盘点, 3.4.1)."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingchan.lifecycle.stocktake import sampling
from mingchan.lifecycle.stocktake.sampling import Error, Item


@pytest.mark.parametrize(
    ("confidence", "errors", "factor"),
    [(95, 0, 2996), (95, 1, 4744), (95, 2, 6296), (95, 3, 7754), (90, 0, 2303), (90, 1, 3890), (99, 0, 4606)],
)
def test_factors_are_those_of_the_tables_of_auditors(confidence: int, errors: int, factor: int) -> None:
    assert abs(sampling.factor(confidence, errors) - factor) <= 1


def things(count: int = 400) -> list[Item]:
    return [Item(key, 10_000 + key * 137 % 90_000, 1 + key % 3) for key in range(1, count + 1)]


def test_the_same_seed_draws_the_same_sample_in_whatever_order_the_things_come() -> None:
    first = sampling.draw(things(), "偏关2021", 500, 95)
    again = sampling.draw(reversed(things()), "偏关2021", 500, 95)
    assert first == again
    assert sampling.draw(things(), "another", 500, 95).drawn != first.drawn


def test_without_anything_missing_the_bound_is_the_one_that_was_asked_for() -> None:
    made = sampling.draw(things(), "seed", 500, 95)
    bound = sampling.bound([], interval=made.interval, is_whole=False, total_fen=made.fen, confidence_percent=95)
    assert bound.likely_fen == 0
    assert 490 <= bound.precision_bp <= 501
    assert len(made.drawn) < made.things


def test_what_weighs_an_interval_is_always_drawn() -> None:
    heavy = [Item(10_001, 100_000_000), Item(10_002, 70_000_000)]
    for seed in ("a", "b", "c"):
        made = sampling.draw([*things(), *heavy], seed, 1000, 95)
        assert {10_001, 10_002} <= made.drawn.keys()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 500_000), min_size=1, max_size=60), st.text(min_size=1, max_size=8))
def test_a_draw_takes_each_thing_at_most_once_and_as_many_as_intervals(fens: list[int], seed: str) -> None:
    items = [Item(key, fen) for key, fen in enumerate(fens)]
    made = sampling.draw(items, seed, 2000, 90)
    assert made.drawn.keys() <= {item.key for item in items}
    assert made.weight == sum(sampling.weight_of(item) for item in items)
    assert len(made.drawn) <= made.weight // made.interval + 1


def test_risk_makes_a_thing_likelier() -> None:
    plain, risky = 0, 0
    items = [Item(key, 10_000, 5 if key % 2 else 1) for key in range(200)]
    for seed in range(60):
        drawn = sampling.draw(items, str(seed), 1000, 95).drawn
        plain += sum(key % 2 == 0 for key in drawn)
        risky += sum(key % 2 for key in drawn)
    assert 4 < Fraction(risky, max(plain, 1)) < 6


def test_errors_are_projected_and_raise_the_bound() -> None:
    one = sampling.bound(
        [Error(5_000, 10_000, 10_000)], interval=100_000, is_whole=False, total_fen=10_000_000, confidence_percent=95
    )
    assert one.likely_fen == 50_000
    assert one.most_fen > 299_600 + 50_000
    certain = sampling.bound(
        [Error(5_000, 200_000, 200_000)], interval=100_000, is_whole=False, total_fen=10_000_000, confidence_percent=95
    )
    assert certain.likely_fen == 5_000, "what is always drawn is known, not projected"


def test_a_full_count_knows() -> None:
    known = sampling.bound([Error(700, 1000, 1)], interval=1, is_whole=True, total_fen=9000, confidence_percent=95)
    assert (known.likely_fen, known.most_fen) == (700, 700)


@pytest.mark.parametrize(
    ("group", "keeper", "place", "serial", "risk"),
    [("in_use", True, True, False, 1), ("idle", True, True, False, 2), ("damaged", False, False, True, 5)],
)
def test_risk_counts_what_makes_things_easily_lost(
    group: str, keeper: bool, place: bool, serial: bool, risk: int
) -> None:
    assert sampling.risk_of(condition_group=group, has_keeper=keeper, has_place=place, is_serial=serial) == risk
