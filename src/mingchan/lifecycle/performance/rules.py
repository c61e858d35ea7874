"""Pure rules of performance: points from figures, grades from points, what may follow what (2.4.2d).

Points are whole hundredths: a full evaluation is 100.00, written 10000.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

FULL = 10_000
"""Hundredths of a point in a whole evaluation."""


class Measured(NamedTuple):
    """What an indicator was measured by: part and whole, in the same unit."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator (评价指标). `weight` in hundredths of a point; `measure` names the figures it is worked out from,
    empty for a judgement; `full_bp` is the rate, in ten-thousandths, that earns all points."""

    code: str
    label: str
    label_en: str
    part: str
    weight: int
    measure: str = ""
    full_bp: int = 10_000
    explain: str = ""
    explain_en: str = ""


@dataclass(frozen=True, slots=True)
class GradeLine:
    """A grade (等级) and the points from which it is given; what follows from it (3.4.2)."""

    code: str
    label: str
    label_en: str
    least: int
    tone: str
    passes: bool
    talk: bool = False
    allocation_bp: int = 10_000


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """A set of indicators (指标体系) whose weights make 100 points, with its grades, best first."""

    code: str
    label: str
    label_en: str
    parts: Mapping[str, tuple[str, str]]
    indicators: tuple[Indicator, ...]
    grades: tuple[GradeLine, ...]

    def indicator(self, code: str) -> Indicator:
        """Raises KeyError."""
        return {one.code: one for one in self.indicators}[code]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(one.code for one in self.indicators)

    def grade(self, points: int) -> GradeLine:
        """The grade for points in hundredths, 0 to 10000."""
        return next(line for line in self.grades if points >= line.least)

    def line(self, code: str) -> GradeLine:
        """The grade of a code. Raises KeyError."""
        return {line.code: line for line in self.grades}[code]


def set_faults(found: IndicatorSet) -> list[str]:
    """What is wrong with a set of indicators, in plain words for whoever writes the pack."""
    faults = []
    if sum(one.weight for one in found.indicators) != FULL:
        faults.append("weights don't make 100 points")
    if len(found.codes) < len(found.indicators):
        faults.append("an indicator stands twice")
    if any(one.weight <= 0 or not 0 < one.full_bp <= 10_000 for one in found.indicators):
        faults.append("a weight or a full rate out of bounds")
    if {one.part for one in found.indicators} != set(found.parts):
        faults.append("a part without indicators, or an indicator of no part")
    lines = [line.least for line in found.grades]
    if not lines or lines != sorted(set(lines), reverse=True) or lines[-1] != 0:
        faults.append("grades must fall from the best to 0, each once")
    if len({line.code for line in found.grades}) < len(found.grades):
        faults.append("a grade stands twice")
    passing = [line.passes for line in found.grades]
    if passing != sorted(passing, reverse=True):
        faults.append("a worse grade passes where a better one fails")
    return faults


def points(weight: int, measured: Measured, full_bp: int = 10_000) -> int:
    """Points for a rate: all of them from `full_bp` on, in proportion below, rounded half up; none without a whole."""
    if measured.denominator <= 0 or measured.numerator <= 0:
        return 0
    earned = weight * measured.numerator * 10_000
    whole = measured.denominator * full_bp
    return min(weight, (2 * earned + whole) // (2 * whole))


def rate_bp(measured: Measured) -> int | None:
    """The rate in ten-thousandths, rounded half up; None without a whole."""
    if measured.denominator <= 0:
        return None
    return (2 * measured.numerator * 10_000 + measured.denominator) // (2 * measured.denominator)


class Given(NamedTuple):
    """A score as it was given."""

    points: int
    grounds: str
    numerator: int | None
    denominator: int | None


def score_fault(indicator: Indicator, given: Given, proposed: Measured | None) -> str:
    """Why a score can't stand; empty when it can.

    `OUT` beyond the weight; `GROUNDS` a judgement, or a figure other than the register's, without grounds; `HALF` half
    of a figure; `OFF` points other than the figures give.
    """
    if not 0 <= given.points <= indicator.weight:
        return "OUT"
    if (given.numerator is None) != (given.denominator is None):
        return "HALF"
    if given.numerator is None or given.denominator is None:
        return "" if given.grounds.strip() else "GROUNDS"
    if given.numerator < 0 or given.denominator < 0:
        return "OUT"
    figures = Measured(given.numerator, given.denominator)
    if given.points != points(indicator.weight, figures, indicator.full_bp):
        return "OFF"
    if figures != proposed and not given.grounds.strip():
        return "GROUNDS"
    return ""


def missing(found: IndicatorSet, scored: Sequence[str]) -> list[str]:
    """Labels of the indicators without a score."""
    return [one.label for one in found.indicators if one.code not in scored]


def weakest(found: IndicatorSet, scores: Mapping[str, int], count: int = 5) -> list[Indicator]:
    """The indicators that lost the most points, for the order to put things right."""
    lost = [(one.weight - scores.get(one.code, 0), one) for one in found.indicators]
    lost.sort(key=lambda pair: -pair[0])
    return [one for points_lost, one in lost[:count] if points_lost > 0]
