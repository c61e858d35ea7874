"""Reading procedures (审批查询): definitions in force, cases, tasks, what an account may do with them."""

from mingchan.foundation.procedures.queries.calendar import exceptions, working_day_after
from mingchan.foundation.procedures.queries.cases import (
    DeskFigures,
    TaskRow,
    Term,
    all_cases,
    case,
    delegations_of,
    desk_figures,
    done_by,
    mine,
    opinions_of,
    running_count,
    task,
    tasks_of,
    todo,
    todo_count,
    visible_to,
)
from mingchan.foundation.procedures.queries.definitions import Procedure, in_force, procedure, procedures, versions
from mingchan.foundation.procedures.queries.documents import PROTECTED
from mingchan.foundation.procedures.queries.standing import Verdict, hats, may_decide

__all__ = [
    "PROTECTED",
    "DeskFigures",
    "Procedure",
    "TaskRow",
    "Term",
    "Verdict",
    "all_cases",
    "case",
    "delegations_of",
    "desk_figures",
    "done_by",
    "exceptions",
    "hats",
    "in_force",
    "may_decide",
    "mine",
    "opinions_of",
    "procedure",
    "procedures",
    "running_count",
    "task",
    "tasks_of",
    "todo",
    "todo_count",
    "versions",
    "visible_to",
    "working_day_after",
]
