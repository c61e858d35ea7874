"""What is told to an account (消息、抄送、督办): the counts on every page, and the lists behind them."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery

from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import permissions
from mingchan.foundation.procedures.choices import ReminderKind, TaskStatus
from mingchan.foundation.procedures.models import Case, Copy, Delegation, Message, Reminder
from mingchan.foundation.procedures.queries.cases import PAGE, todo_count, waiting_in
from mingchan.foundation.procedures.queries.standing import Identity
from mingchan.kernel.actor import Actor


class Badges(NamedTuple):
    """The counts on every page: tasks, copies not read, messages not seen."""

    todo: int
    copies: int
    unseen: int


def _number_of(rows: QuerySet[Any]) -> Subquery:
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(counted=counted).values("counted"))


def badges(who: Identity, actor: Actor, on: date) -> Badges:
    """The counts in one statement; a second one for somebody who acts for another that day."""
    delegated = Delegation.objects.filter(taker_id=OuterRef("pk"), valid_from__lte=on, valid_to__gt=on)
    found = (
        Account.objects.filter(pk=who.account)
        .annotate(
            todo=_number_of(waiting_in(permissions.own_hats(actor), who, actor.county)),
            copies=_number_of(Copy.objects.filter(account_id=who.account, read_on__isnull=True)),
            unseen=_number_of(Message.objects.filter(account_id=who.account, seen_on__isnull=True)),
            delegated=Exists(delegated),
        )
        .values_list("todo", "copies", "unseen", "delegated")
        .first()
    )
    if found is None:
        return Badges(0, 0, 0)
    todo, copies, unseen, is_delegate = found
    return Badges(todo_count(actor, on) if is_delegate else todo, copies, unseen)


_COPIES = ("id", "case_id", "case__year", "case__number", "case__title", "case__status", "node", "note", "given_by",
           "given_on", "read_on")  # fmt: skip


def copies(actor: Actor, *, unread: bool = False, before: str = "") -> tuple[list[dict[str, Any]], str]:
    """Cases that were copied to the actor, newest first, a page at a time."""
    rows = Copy.objects.filter(account_id=actor.account_id or 0)
    if unread:
        rows = rows.filter(read_on__isnull=True)
    return _page(rows, _COPIES, before)


def unread_copies(actor: Actor) -> int:
    """How many copies the actor hasn't read yet."""
    return Copy.objects.filter(account_id=actor.account_id or 0, read_on__isnull=True).count()


def copies_of(case: Case) -> list[Copy]:
    """Everybody a case was copied to, in the order of the copying."""
    return list(Copy.objects.filter(case=case).order_by("id"))


_MESSAGES = ("id", "kind", "case_id", "case__title", "case__year", "case__number", "text", "given_on", "seen_on")


def messages(actor: Actor, *, before: str = "") -> tuple[list[dict[str, Any]], str]:
    """What was told to the actor, newest first, a page at a time."""
    return _page(Message.objects.filter(account_id=actor.account_id or 0), _MESSAGES, before)


def _escalations(actor: Actor) -> QuerySet[Reminder]:
    """Escalations to a role the actor holds itself, of tasks that still wait."""
    found = Reminder.objects.none()
    for hat in permissions.own_hats(actor):
        found |= Reminder.objects.filter(
            county=actor.county,
            kind=ReminderKind.ESCALATED,
            role=hat.role,
            division_code__startswith=hat.scope,
            task__status=TaskStatus.WAITING,
        )
    return found


def escalated_count(actor: Actor) -> int:
    """How many overdue tasks were taken to the actor's office and still wait."""
    return _escalations(actor).count()


_ESCALATED = ("id", "case_id", "case__year", "case__number", "case__title", "case__office__name", "task__name",
              "task__seat", "task__role", "task__opened_on", "task__due_on", "given_on")  # fmt: skip


def escalated(actor: Actor, *, before: str = "") -> tuple[list[dict[str, Any]], str]:
    """Overdue tasks that were taken to the actor's office and still wait, newest first, a page at a time."""
    return _page(_escalations(actor), _ESCALATED, before)


def reminders_of(case: Case) -> list[Reminder]:
    """How the tasks of a case were brought to mind, in order."""
    return list(Reminder.objects.filter(case=case).select_related("task").order_by("id"))


def _page(rows: QuerySet[Any], names: tuple[str, ...], before: str) -> tuple[list[dict[str, Any]], str]:
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(id__lt=int(before))
    found = list(rows.order_by("-id").values(*names)[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1]["id"]) if len(found) > PAGE else ""
