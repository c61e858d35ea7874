"""Reading performance (绩效查询): goals, evaluations and their figures, rectifications, what follows from grades."""

from mingchan.lifecycle.performance.queries.documents import PROTECTED, faults
from mingchan.lifecycle.performance.queries.evaluations import (
    COUNT_CAP,
    EvaluationFilter,
    Failing,
    count,
    evaluation,
    failing,
    last_grades,
    of_contract,
    publication,
    rows,
    waiting,
    well_graded,
    without,
    years,
)
from mingchan.lifecycle.performance.queries.fixes import Consequence, Fix, consequences, counts, fix, fixes
from mingchan.lifecycle.performance.queries.goals import goals_of, lists, visible_contracts
from mingchan.lifecycle.performance.queries.measures import measured

__all__ = [
    "COUNT_CAP",
    "PROTECTED",
    "Consequence",
    "EvaluationFilter",
    "Failing",
    "Fix",
    "consequences",
    "count",
    "counts",
    "evaluation",
    "failing",
    "faults",
    "fix",
    "fixes",
    "goals_of",
    "last_grades",
    "lists",
    "measured",
    "of_contract",
    "publication",
    "rows",
    "visible_contracts",
    "waiting",
    "well_graded",
    "without",
    "years",
]
