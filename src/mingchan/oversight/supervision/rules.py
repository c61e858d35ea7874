"""Rules of supervision: the order of steps, when a fact may be closed, scores of the goals. Facts in, answer out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

_NEXT: Mapping[str, frozenset[str]] = {
    "OPEN": frozenset({"REPORT", "ASSIGN", "WAIVE"}),
    "REPORTED": frozenset({"REVIEW", "ASSIGN", "WAIVE"}),
    "GONE": frozenset({"REVIEW"}),
    "WAIVED": frozenset(),
    "CLOSED": frozenset(),
}


def acts(state: str) -> frozenset[str]:
    """What people may do next with a finding in a state."""
    return _NEXT[state]


def after_gone(state: str, severity: str, is_waived_out: bool = False) -> str:
    """The state of a finding whose fact is gone. A warning ends by itself, a breach waits for its review (1.2a)."""
    if state == "CLOSED":
        return state
    return "CLOSED" if severity == "WARNING" or is_waived_out else "GONE"


def after_found(state: str) -> str:
    """The state of a finding whose fact stands (again)."""
    return state if state in ("REPORTED", "WAIVED") else "OPEN"


def may_review(own_office: int | None, responsible: int | None) -> bool:
    """Whether an office may review: never the one that answers for the finding, never somebody without an office."""
    return own_office is not None and own_office != responsible


def days_over(state: str, due_on: date, on: date) -> int:
    """By how many days the rectification is late; 0 when nothing is owed or it isn't due yet."""
    return max(0, (on - due_on).days) if state in ("OPEN", "REPORTED", "GONE") else 0


AGES = (7, 30, 90, 180)
"""Upper bounds of the age groups in days; the last group has none."""


def age_group(days: int) -> int:
    """The index of the age group that a finding of so many days belongs to."""
    return next((index for index, bound in enumerate(AGES) if days <= bound), len(AGES))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a goal's score: how many of how many meet it, and its weight in hundredths of the goal."""

    code: str
    met: int
    of: int
    weight: int

    @property
    def bp(self) -> int:
        """The share that meets it in hundredths of a percent; the whole when there is nothing to meet."""
        return 10_000 if self.of == 0 else self.met * 10_000 // self.of


def score(parts: Sequence[Part]) -> int:
    """The score of a goal in hundredths of a point (10,000 is full), by the weights of its parts."""
    weights = sum(part.weight for part in parts)
    return sum(part.bp * part.weight for part in parts) // weights if weights else 10_000


def rank_points(assets: int, high: int, medium: int, overdue: int, weights: Mapping[str, int]) -> int:
    """A place's supervision score in hundredths of a point: full, less weighted findings for each 100 assets.

    A place with fewer than 100 assets is measured as if it had 100, so that one finding doesn't ruin a small station.
    """
    lost = high * weights["high"] + medium * weights["medium"] + overdue * weights["overdue"]
    return max(0, 10_000 - lost * 100 * 100 // max(100, assets))
