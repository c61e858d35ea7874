"""Overdue findings go to joint supervision (联合监管): a mark, a step, a record, for its lists and its tasks (3.4.2)."""

from datetime import date, timedelta

from mingchan.foundation.procedures import queries as procedures
from mingchan.kernel.actor import Actor
from mingchan.oversight.supervision import events, pack, queries
from mingchan.oversight.supervision.choices import STANDING, Act, Severity
from mingchan.oversight.supervision.models import Finding
from mingchan.oversight.supervision.services import writing
from mingchan.oversight.supervision.services.writing import Change


def escalate(*, actor: Actor, on: date) -> int:
    """Mark every breach whose term passed long enough ago and that nobody marked yet; returns how many."""
    days, last = pack.number("escalate_days"), on
    while procedures.working_day_after(actor.county, last, days) >= on:
        last -= timedelta(days=1)
    late = (
        Finding.objects.filter(county=actor.county, state__in=STANDING, due_on__lte=last, escalated_on__isnull=True)
        .exclude(severity=Severity.WARNING)
        .order_by("check_code", "pk")
    )
    by_check: dict[str, list[int]] = {}
    for code, key in late.values_list("check_code", "pk"):
        by_check.setdefault(code, []).append(key)

    def alter(one: Finding) -> None:
        one.escalated_on = on

    for code, keys in by_check.items():
        writing.change(
            keys, Change(Act.ESCALATED, events.ESCALATED, alter), queries.info(code).title, actor=actor, on=on
        )
    return sum(len(keys) for keys in by_check.values())
