"""Reading procedures (审批查询): definitions in force, cases, tasks, what an account may do with them."""

from mingchan.foundation.procedures.queries.calendar import exceptions
from mingchan.foundation.procedures.queries.cases import (
    Counts,
    TaskRow,
    all_cases,
    case,
    counts,
    delegations_of,
    done_by,
    mine,
    opinions_of,
    overdue,
    task,
    tasks_of,
    todo,
    visible_to,
)
from mingchan.foundation.procedures.queries.definitions import Procedure, in_force, procedure, procedures, versions
from mingchan.foundation.procedures.queries.documents import PROTECTED
from mingchan.foundation.procedures.queries.standing import Verdict, hats, may_decide
from mingchan.foundation.procedures.queries.tables import by_table

__all__ = [
    "PROTECTED",
    "Counts",
    "Procedure",
    "TaskRow",
    "Verdict",
    "all_cases",
    "by_table",
    "case",
    "counts",
    "delegations_of",
    "done_by",
    "exceptions",
    "hats",
    "in_force",
    "may_decide",
    "mine",
    "opinions_of",
    "overdue",
    "procedure",
    "procedures",
    "task",
    "tasks_of",
    "todo",
    "versions",
    "visible_to",
]
