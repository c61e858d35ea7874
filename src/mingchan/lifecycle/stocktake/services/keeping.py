"""What every act on a stocktake does: lock the plan, save it, add a row, leave the trace."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.protection import Protected
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.lifecycle.stocktake import permissions
from mingchan.lifecycle.stocktake.choices import PlanState
from mingchan.lifecycle.stocktake.models import Plan, Task
from mingchan.lifecycle.stocktake.queries.documents import PLAN

CLAUSES = permissions.CLAUSES


def locked(plan_id: int, actor: Actor) -> Plan:
    """The plan, held until the transaction ends. Raises NotFound where the actor sees none."""
    found = Plan.objects.select_for_update(of=("self",)).filter(pk=plan_id, county=actor.county).first()
    if found is None or not Plan.objects.filter(permissions.visible_to(actor), pk=found.pk).exists():
        raise NotFound(_("没有这个盘点方案"))
    return found


def held(plan_id: int, right: str, states: Collection[str], *, actor: Actor, version: int | None = None) -> Plan:
    """The plan under lock, in one of the states, for whoever holds the right there.

    Raises NotFound, NotAllowed, Stale when somebody saved it first (None: no form was filled in), Refusal.
    """
    plan = permissions.require(actor, right, locked(plan_id, actor))
    if version is not None:
        current(plan, version)
    stands(plan, states)
    return plan


def current(row: Any, version: int) -> None:
    """Raises Stale when somebody saved the row first."""
    if row.version != version:
        raise Stale(_("他人已先保存，请看过后再操作。"), theirs={"version": row.version}, yours={"version": version})


def stands(plan: Plan, states: Collection[str]) -> None:
    """Raises Refusal unless the plan is in one of the states."""
    if plan.state not in states:
        raise Refusal(
            _("盘点%(number)s现在是“%(state)s”，不能进行这一步")
            % {"number": plan.number, "state": PlanState(plan.state).label},
            clauses=CLAUSES,
        )


def said(text: str, field: str, most: int = 500) -> str:
    """The words, trimmed. Raises Refusal when there are none."""
    given = text.strip()
    if len(given) < 2:
        raise Refusal(_("请写明理由或情况"), clauses=CLAUSES, field=field)
    return given[:most]


def save(
    plan: Plan,
    changes: Mapping[str, Any],
    kind: EventKind,
    *,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    actor: Actor,
    on: date,
) -> Plan:
    """Write changes of the plan's own row and leave their trace."""
    before = protection.document(PLAN, plan)
    for name, value in changes.items():
        setattr(plan, name, value)
    plan.version += 1
    plan.save(force_update=True)
    evidence.record(
        kind,
        plan.ref,
        actor=actor,
        on=on,
        before=before,
        after=protection.document(PLAN, plan),
        division=plan.division_code,
        reason=reason,
        facts=_told({"number": plan.number, "title": plan.title, **(facts or {})}),
    )
    return plan


def add_all(
    protected: Protected,
    rows: Sequence[models.Model],
    kind: EventKind,
    *,
    division: str | Callable[[Any], str],
    facts: Mapping[str, Any],
    actor: Actor,
    on: date,
) -> None:
    """Write new rows in one pass, with a record for each. Nothing when there are none."""
    if not rows:
        return
    first = reserve_ids(protected.model, len(rows))
    for number, row in enumerate(rows):
        row.pk = first + number
    protected.model._default_manager.bulk_create(rows)
    trace(protected, [(row, None) for row in rows], kind, division=division, facts=facts, actor=actor, on=on)


def trace(
    protected: Protected,
    rows: Iterable[tuple[models.Model, Mapping[str, Any] | None]],
    kind: EventKind,
    *,
    division: str | Callable[[Any], str],
    reason: str = "",
    facts: Mapping[str, Any],
    actor: Actor,
    on: date,
) -> None:
    """Leave a record for each row, with what it was before (None: it is new). All are new, or all have changed."""
    known = list(rows)
    if not known:
        return

    def told() -> Iterable[tuple[Any, ...]]:
        for row, before in known:
            place = division if isinstance(division, str) else division(row)
            after = protection.document(protected, row)
            head = (f"{protected.kind}:{row.pk}", place, after)
            yield head if before is None else (*head, before)

    evidence.record_many(kind, told(), actor=actor, on=on, reason=reason, facts=_told(facts))


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a record; words of choices as plain text."""
    return {name: str(value) if isinstance(value, Promise) else value for name, value in facts.items()}


def division_of(task: Task) -> str:
    """Where a task's records belong."""
    return task.division_code or task.county
