"""Telling accounts (消息): rows that lead somebody to a case; the fact behind each has its own record."""

from collections.abc import Iterable
from datetime import date

from mingchan.foundation.procedures.choices import MessageKind
from mingchan.foundation.procedures.models import Case, Message
from mingchan.kernel.actor import Actor


def tell(accounts: Iterable[int], kind: MessageKind, case: Case, text: str, *, on: date) -> None:
    """Leave each account a message, in one statement."""
    rows = [
        Message(account_id=key, kind=kind, case=case, text=text[:200], given_on=on) for key in dict.fromkeys(accounts)
    ]
    if rows:
        Message.objects.bulk_create(rows)


def see(message_id: int, *, actor: Actor, on: date) -> int | None:
    """Mark one of the actor's messages as seen; gives its case, None when there is no such message."""
    found = Message.objects.filter(pk=message_id, account_id=actor.account_id or 0)
    found.filter(seen_on__isnull=True).update(seen_on=on)
    return found.values_list("case_id", flat=True).first()


def see_all(*, actor: Actor, on: date) -> int:
    """Mark every message of the actor as seen; gives how many were new."""
    return Message.objects.filter(account_id=actor.account_id or 0, seen_on__isnull=True).update(seen_on=on)
