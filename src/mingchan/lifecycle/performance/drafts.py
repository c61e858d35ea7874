"""What services of performance are given: goals, figures of goals, scores, visits, papers."""

from collections.abc import Sequence
from typing import NamedTuple


class GoalDraft(NamedTuple):
    """A goal of a contract for a year: what is counted and how much is wanted (fen or whole number)."""

    kind: str
    target: int


class FileDraft(NamedTuple):
    """A file as it was handed in."""

    name: str
    content: bytes


class ScoreDraft(NamedTuple):
    """The score of one indicator, in hundredths of a point, with its grounds. `numerator` and `denominator` are the
    figures it was worked out from, none for a judgement."""

    code: str
    points: int
    grounds: str
    numerator: int | None = None
    denominator: int | None = None


class CommissionDraft(NamedTuple):
    """A commission to a third party (委托): who evaluates which contracts for a year, by which paper, until when."""

    year: int
    contracts: Sequence[int]
    evaluator: int
    document_no: str
    due_on: object
