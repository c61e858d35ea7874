"""Rules of performance: points from figures, grades from points, what a score must bring (2.4.2d)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.lifecycle.performance import pack, rules
from mingchan.lifecycle.performance.rules import FULL, Given, Measured


@pytest.mark.parametrize(
    ("weight", "part", "whole", "full_bp", "earned"),
    [
        (1000, 95, 100, 10_000, 950),
        (1000, 100, 100, 10_000, 1000),
        (1000, 130, 100, 10_000, 1000),
        (800, 25, 1000, 500, 400),
        (800, 50, 1000, 500, 800),
        (800, 80, 1000, 500, 800),
        (600, 1, 3, 10_000, 200),
        (600, 2, 3, 10_000, 400),
        (100, 1, 200, 10_000, 1),
        (100, 1, 201, 10_000, 0),
        (600, 0, 100, 10_000, 0),
        (600, 5, 0, 10_000, 0),
    ],
)
def test_points_follow_the_rate(weight: int, part: int, whole: int, full_bp: int, earned: int) -> None:
    assert rules.points(weight, Measured(part, whole), full_bp) == earned


@given(st.integers(1, FULL), st.integers(0, 10**12), st.integers(1, 10**12), st.integers(1, 10_000))
def test_points_stay_within_the_weight_and_grow_with_the_part(weight: int, part: int, whole: int, full: int) -> None:
    earned = rules.points(weight, Measured(part, whole), full)
    assert 0 <= earned <= weight
    assert earned <= rules.points(weight, Measured(part + 1, whole), full)


@pytest.mark.parametrize(
    ("earned", "grade"),
    [(10_000, "EXCELLENT"), (9_000, "EXCELLENT"), (8_999, "GOOD"), (8_000, "GOOD"), (7_999, "FAIR"), (6_000, "FAIR"),
     (5_999, "POOR"), (0, "POOR")],
)  # fmt: skip
def test_grades_begin_at_their_points(earned: int, grade: str) -> None:
    assert pack.indicators().grade(earned).code == grade


def test_only_the_lowest_grade_fails_and_is_asked_to_a_talk() -> None:
    lines = pack.indicators().grades
    assert [line.code for line in lines if not line.passes] == [line.code for line in lines if line.talk] == ["POOR"]


def test_output_and_effect_weigh_more_than_half() -> None:
    used = pack.indicators()
    heavy = sum(one.weight for one in used.indicators if one.part in ("output", "effect"))
    assert heavy >= FULL * 6 // 10


@pytest.mark.parametrize(
    ("given_", "proposed", "fault"),
    [
        (Given(950, "", 95, 100), Measured(95, 100), ""),
        (Given(900, "", 90, 100), Measured(95, 100), "GROUNDS"),
        (Given(900, "现场核实", 90, 100), Measured(95, 100), ""),
        (Given(950, "现场核实", 90, 100), Measured(95, 100), "OFF"),
        (Given(1001, "现场核实", 100, 100), Measured(95, 100), "OUT"),
        (Given(900, "现场核实", 90, None), None, "HALF"),
        (Given(700, "", None, None), None, "GROUNDS"),
        (Given(700, "问卷", None, None), None, ""),
        (Given(0, "现场核实", -1, 100), Measured(95, 100), "OUT"),
    ],
)
def test_a_score_that_leaves_the_registers_figure_needs_its_grounds(
    given_: Given, proposed: Measured | None, fault: str
) -> None:
    one = rules.Indicator("in_use", "在用率", "In use", "output", 1000, "in_use")
    assert rules.score_fault(one, given_, proposed) == fault


def test_the_order_names_what_lost_most() -> None:
    used = pack.indicators()
    scores = {one.code: one.weight for one in used.indicators} | {"in_use": 0, "satisfied": 200}
    assert [one.code for one in rules.weakest(used, scores)] == ["in_use", "satisfied"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"indicators": ()}, "weights don't make 100 points"),
        ({"grades": ()}, "grades must fall from the best to 0, each once"),
        ({"parts": {"more": ("另", "More")}}, "a part without indicators, or an indicator of no part"),
    ],
)
def test_a_broken_set_is_named(change: dict[str, object], fault: str) -> None:
    from dataclasses import replace

    assert fault in rules.set_faults(replace(pack.indicators(), **change))  # type: ignore[arg-type]
