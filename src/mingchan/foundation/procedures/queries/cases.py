"""Cases and tasks as people ask for them (事项、待办、已办): one question of sight for every door."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import diagram, rules
from mingchan.foundation.procedures.choices import CaseStatus, TaskStatus
from mingchan.foundation.procedures.models import Case, Copy, Delegation, Opinion, Task
from mingchan.foundation.procedures.permissions import VIEW, Hat
from mingchan.foundation.procedures.queries import calendar
from mingchan.foundation.procedures.queries.standing import Identity, hats, identity
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound

PAGE = 50


class TaskRow(NamedTuple):
    """A task in a list, with its case."""

    id: int
    case_id: int
    year: int
    number: int
    title: str
    name: str
    kind: str
    opened_on: date
    due_on: date | None
    office: str


class DeskFigures(NamedTuple):
    """The figures of somebody's desk: tasks, those due soon and overdue, the first day due, own cases running."""

    todo: int
    soon: int
    overdue: int
    first_due: date | None
    mine: int


def _in_hat(worn: Sequence[Hat], prefix: str = "") -> Q:
    """Tasks that one of the hats is asked for."""
    found = Q(pk__in=())
    for hat in worn:
        found |= Q(**{f"{prefix}role": hat.role, f"{prefix}division_code__startswith": hat.scope})
    return found


def visible_to(actor: Actor, on: date) -> QuerySet[Case]:
    """Cases the actor may see: by right over the division, as its drafter, or since a step or a copy is for it."""
    inside = Q(pk__in=())
    for scope in actor.scopes(VIEW):
        inside |= Q(division_code__startswith=scope)
    own = Q(drafter_id=actor.account_id) if actor.account_id is not None else Q(pk__in=())
    asked = Task.objects.filter(_in_hat(hats(actor, on)), case=OuterRef("pk"))
    copied = Copy.objects.filter(case=OuterRef("pk"), account_id=actor.account_id or 0)
    return Case.objects.filter(inside | own | Exists(asked) | Exists(copied), county=actor.county)


def case(case_id: int, actor: Actor, on: date) -> Case:
    """One case. Raises NotFound out of the actor's sight."""
    found = visible_to(actor, on).select_related("drafter", "office").filter(pk=case_id).first()
    if found is None:
        raise NotFound(_("没有这个事项"))
    return found


def task(task_id: int, actor: Actor, on: date) -> Task:
    """One task of a case in the actor's sight. Raises NotFound for any other, and for what isn't a person's to do."""
    found = Task.objects.filter(pk=task_id, county=actor.county, waits="").first()
    if found is None:
        raise NotFound(_("没有这项待办"))
    case(found.case_id, actor, on)
    return found


def delegations_of(actor: Actor) -> list[Delegation]:
    """Delegations the actor gave or has, the newest first."""
    me = actor.account_id or 0
    rows = Delegation.objects.filter(Q(giver_id=me) | Q(taker_id=me)).select_related("giver", "taker")
    return list(rows.order_by("-id")[:PAGE])


def tasks_of(case: Case) -> list[Task]:
    """A case's tasks in the order in which they came."""
    return list(case.tasks.order_by("id"))


def opinions_of(case: Case) -> list[Opinion]:
    """A case's opinions in the order in which they were given, each with its task."""
    return list(case.opinions.select_related("task").order_by("id"))


def _of_person(prefix: str, who: Identity) -> Q:
    """Rows of the account or of another account of its person."""
    found = Q(**{f"{prefix}_id": who.account})
    return found if who.person is None else found | Q(**{f"{prefix}__person_id": who.person})


def _interested(who: Identity) -> Q:
    """Cases whose list of interested parties (JSON, whole numbers without blanks) names the account's."""
    found = Q(pk__in=())
    for party in who.parties:
        for written in (f"[{party}]", f"[{party},", f",{party},", f",{party}]"):
            found |= Q(case__interested__contains=written)
    return found


def waiting_in(worn: Sequence[Hat], who: Identity, county: str) -> QuerySet[Task]:
    """Waiting tasks that are an account's to do in its hats, and revisions of its own cases.

    Left out is what the rules would refuse it: its own cases, those in which it holds another seat already, and those
    in which it has an interest.
    """
    others = _in_hat(worn) & ~_of_person("case__drafter", who) & ~_interested(who)
    own = Q(role=diagram.DRAFTER, case__drafter_id=who.account)
    seated = Opinion.objects.filter(_of_person("account", who), case=OuterRef("case"), round=OuterRef("case__round"))
    elsewhere = Exists(seated.exclude(task__role=diagram.DRAFTER).exclude(task__node=OuterRef("node")))
    waiting = Task.objects.filter(county=county, status=TaskStatus.WAITING, waits="")
    return waiting.filter(own | others & ~elsewhere)


def _waiting(actor: Actor, on: date) -> QuerySet[Task]:
    return waiting_in(hats(actor, on), identity(actor.account_id), actor.county)


class Term(StrEnum):
    """Which of the actor's tasks a list shows: all, those due soon, those past their term."""

    ALL = ""
    SOON = "soon"
    OVERDUE = "overdue"


def last_day_soon(county: str, on: date) -> date:
    """The last day on which a task that is due counts as due soon, by working days (`case.remind_days`)."""
    return rules.after_working_days(on, policy.figure("case.remind_days"), calendar.exceptions(county))


def todo(actor: Actor, on: date, after: str = "", term: Term = Term.ALL) -> tuple[list[TaskRow], str]:
    """The actor's tasks, those due first before the others, a page at a time (keyset: due day and id)."""
    rows = _waiting(actor, on).order_by("due_on", "id")
    if term == Term.SOON:
        rows = rows.filter(due_on__gte=on, due_on__lte=last_day_soon(actor.county, on))
    elif term == Term.OVERDUE:
        rows = rows.filter(due_on__lt=on)
    day, _dash, key = after.partition("_")
    if key.isdecimal():
        try:
            rows = rows.filter(
                Q(due_on__gt=date.fromisoformat(day)) | Q(due_on=date.fromisoformat(day), id__gt=int(key))
            )
        except ValueError:
            rows = rows.none()
    values = rows.values_list(
        "id", "case_id", "case__year", "case__number", "case__title", "name", "kind", "opened_on", "due_on",
        "case__office__name",
    )[: PAGE + 1]  # fmt: skip
    found = [TaskRow(*row) for row in values]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.due_on}_{last.id}" if last else ""


def todo_count(actor: Actor, on: date) -> int:
    """How many tasks wait for the actor."""
    return _waiting(actor, on).count()


def running_count(actor: Actor) -> int:
    """How many of the cases that the actor brought in still run."""
    own = Case.objects.filter(county=actor.county, drafter_id=actor.account_id or 0)
    return own.filter(status=CaseStatus.RUNNING).count()


def desk_figures(actor: Actor, on: date) -> DeskFigures:
    """The figures of the actor's desk, in one statement over its tasks and one over its cases."""
    soon = Q(due_on__gte=on, due_on__lte=last_day_soon(actor.county, on))
    found = _waiting(actor, on).aggregate(
        todo=Count("pk"),
        soon=Count("pk", filter=soon),
        overdue=Count("pk", filter=Q(due_on__lt=on)),
        first_due=Min("due_on", filter=Q(due_on__gte=on)),
    )
    mine = running_count(actor)
    return DeskFigures(found["todo"], found["soon"], found["overdue"], found["first_due"], mine)


_DONE = (
    "id", "case_id", "case__year", "case__number", "case__title", "case__status", "task__name", "answer", "given_on",
    "round", "case__round",
)  # fmt: skip
_CASES = ("id", "year", "number", "title", "code", "status", "opened_on", "ended_on", "office__name")


def done_by(actor: Actor, before: str = "") -> tuple[list[Any], str]:
    """Opinions the actor gave, newest first, a page at a time."""
    rows = Opinion.objects.filter(account_id=actor.account_id or 0)
    return _page(rows, _DONE, before)


def mine(actor: Actor, before: str = "") -> tuple[list[Any], str]:
    """Cases the actor brought in, newest first, a page at a time."""
    return _page(Case.objects.filter(drafter_id=actor.account_id or 0), _CASES, before)


def all_cases(actor: Actor, on: date, *, status: str = "", code: str = "", before: str = "") -> tuple[list[Any], str]:
    """Every case the actor may see, newest first, a page at a time."""
    rows = visible_to(actor, on)
    if status in CaseStatus.values:
        rows = rows.filter(status=status)
    if code:
        rows = rows.filter(code=code)
    return _page(rows, _CASES, before)


def _page(rows: QuerySet[Any], names: Sequence[str], before: str) -> tuple[list[Any], str]:
    if before.isdecimal():
        rows = rows.filter(id__lt=int(before))
    found = list(rows.order_by("-id").values(*names)[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1]["id"]) if len(found) > PAGE else ""
