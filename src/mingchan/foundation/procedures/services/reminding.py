"""Reminders and escalation (提醒、逾期、督办): before a task is due, after it, and to the supervising office (4.2)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import diagram, events, pack, rules
from mingchan.foundation.procedures.choices import MessageKind, ReminderKind, TaskStatus
from mingchan.foundation.procedures.models import Reminder, Task
from mingchan.foundation.procedures.queries import calendar, documents
from mingchan.foundation.procedures.services import running, telling
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal


class Reminded(NamedTuple):
    """How many tasks were reminded of, marked overdue and taken to the supervising office."""

    soon: int
    overdue: int
    escalated: int


@transaction.atomic
def remind(*, actor: Actor, on: date) -> Reminded:
    """Bring to mind what is due soon, mark what is overdue, take to the supervising office what is overdue for long.

    By working days (`case.remind_days`, `case.escalate_days`); the offices above stand in the pack's `escalation.yaml`.
    Each is done once for a task, so running it again does nothing. It is the clock's work: raises NotAllowed for an
    account. Serves 4.2.
    """
    if actor.account_id is not None:
        raise NotAllowed(_("到期提醒由系统按日办理"), clauses=("4.2",))
    days = calendar.exceptions(actor.county)
    soon = rules.after_working_days(on, policy.figure("case.remind_days"), days)
    late = rules.last_due_for(on, policy.figure("case.escalate_days"), days)
    waiting = (
        Task.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(county=actor.county, status=TaskStatus.WAITING, waits="", due_on__lte=soon)
        .order_by("id")
    )
    tasks = list(waiting)
    done = set(Reminder.objects.filter(task__in=[task.pk for task in tasks]).values_list("task_id", "kind"))
    counts = dict.fromkeys((ReminderKind.SOON, ReminderKind.OVERDUE, ReminderKind.ESCALATED), 0)
    for task in tasks:
        for kind in _kinds(task, on, late):
            if (task.pk, kind.value) not in done:
                _give(task, kind, actor=actor, on=on)
                counts[kind] += 1
    return Reminded(*counts.values())


def _kinds(task: Task, on: date, late: date) -> Iterable[ReminderKind]:
    assert task.due_on is not None
    if task.due_on >= on:
        yield ReminderKind.SOON
        return
    yield ReminderKind.OVERDUE
    if task.due_on <= late:
        yield ReminderKind.ESCALATED


@transaction.atomic
def urge(task_id: int, text: str = "", *, actor: Actor, on: date) -> Reminder:
    """Ask for a step to be done (催办): the case's drafter may, once a day.

    Raises NotAllowed for others, Refusal when the step doesn't wait for a person or was asked for today. Serves 4.2.
    """
    found = Task.objects.filter(pk=task_id, county=actor.county).values_list("case_id", flat=True).first()
    case = running.locked(found or 0, actor)
    if actor.account_id is None or case.drafter_id != actor.account_id:
        raise NotAllowed(_("只有经办人可以催办"), clauses=("4.2",))
    task = Task.objects.select_related("case").get(pk=task_id)
    if task.status != TaskStatus.WAITING or task.waits or task.role == diagram.DRAFTER:
        raise Refusal(_("这一环节不在等待他人办理"), clauses=("4.2",))
    if Reminder.objects.filter(task=task, kind=ReminderKind.URGED, given_on=on).exists():
        raise Refusal(_("今天已经催办过"), clauses=("4.2",))
    return _give(task, ReminderKind.URGED, text, actor=actor, on=on)


def _give(task: Task, kind: ReminderKind, text: str = "", *, actor: Actor, on: date) -> Reminder:
    case = task.case
    role = pack.escalation(task.role) if kind == ReminderKind.ESCALATED else task.role
    row = Reminder(
        county=task.county,
        case=case,
        task=task,
        kind=kind,
        role=role,
        division_code=task.division_code,
        text=text.strip()[:200],
        given_by=actor.name,
        given_on=on,
    )
    row.save(force_insert=True)
    specs = policy.roles()
    named = specs[role].label if role in specs else _("经办人")
    running.record(
        events.REMINDED,
        documents.REMINDER,
        row,
        before=None,
        division=task.division_code,
        actor=actor,
        on=on,
        reason=text.strip(),
        facts={"title": case.title, "step": task.name, "what": str(kind.label), "role": named},
    )
    if role == diagram.DRAFTER:
        told = [case.drafter_id]
    else:
        told = [holder.account for holder in directory.holders(task.county, role, task.division_code, on)]
    words = task.name if task.due_on is None else f"{task.name} {task.due_on:%Y-%m-%d}"
    telling.tell(told, MessageKind(kind.value), case, text.strip() or words, on=on)
    return row
