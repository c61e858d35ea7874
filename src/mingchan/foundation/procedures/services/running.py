"""What every step of a case does (流转): keep the run, open the tasks it waits at, end the case where it ended."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from django.db import models
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import diagram, engine, events, outcomes, rules, wording
from mingchan.foundation.procedures.choices import CaseStatus, MessageKind, TaskStatus
from mingchan.foundation.procedures.decisions import BadTable
from mingchan.foundation.procedures.engine import Run
from mingchan.foundation.procedures.expressions import Decide
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.queries import calendar, definitions, documents, table_versions
from mingchan.foundation.procedures.services import telling
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref


def decide_by(texts: Mapping[str, str]) -> Decide:
    """How conditions ask decision tables, out of their texts by code.

    What it gives raises engine.Broken for a table that isn't there or can't answer.
    """

    def decide(code: str, facts: Mapping[str, Any]) -> str:
        if code not in texts:
            raise engine.Broken(_("没有决策表“%(code)s”") % {"code": code})
        table = table_versions.table_of(texts[code])
        try:
            return table.decide(facts)
        except BadTable as error:
            raise engine.Broken(f"{table.title}：{wording.of_table(error.fault, error.where)}") from error

    return decide


def locked(case_id: int, actor: Actor) -> Case:
    """The case, locked for this transaction. Raises NotFound outside the county."""
    found = Case.objects.select_for_update().filter(pk=case_id, county=actor.county).first()
    if found is None:
        raise NotFound(_("没有这个事项"))
    return found


def is_running(case: Case) -> None:
    """Raises Refusal when the case is over."""
    if case.status != CaseStatus.RUNNING:
        raise Refusal(_("事项已经办结，不能再办理"), clauses=("2.4.2c",))


def broken(error: engine.Broken) -> Refusal:
    """What people are told when a drawing can't go on; the cause stands in the exception behind it."""
    return Refusal(
        _("流程图在这里无法继续（%(why)s）。没有任何改动被保存，请联系流程管理员") % {"why": error}, clauses=("2.4.2c",)
    )


def whole(protected: Protected, row: models.Model) -> dict[str, Any]:
    """The row's document."""
    return protection.document(protected, row)


def record(
    kind: EventKind,
    protected: Protected,
    row: models.Model,
    *,
    before: Mapping[str, Any] | None,
    division: str,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any],
) -> None:
    """Leave the trace of one row's beginning or change."""
    evidence.record(
        kind,
        Ref(protected.kind, row.pk),
        actor=actor,
        on=on,
        before=before,
        after=whole(protected, row),
        division=division,
        reason=reason,
        facts=facts,
    )


def put(case: Case, run: Run) -> None:
    """Take a run over into the case's columns. The caller saves."""
    case.run, case.run_digest = run.text, documents.digest(run.text)
    case.path = orjson.dumps(run.passed).decode()
    case.version += 1


def follow(case: Case, run: Run, *, actor: Actor, on: date) -> None:
    """Open the tasks that the run waits at now; when it waits nowhere, end the case with what its end says."""
    drawing = definitions.drawing_of(case.content)
    known = set(Task.objects.filter(case=case).values_list("token", flat=True))
    days = calendar.exceptions(case.county)
    usual = policy.figure("case.days")
    opened: list[Task] = []
    for waiting in run.waiting:
        if waiting.token in known:
            continue
        node = drawing.nodes[waiting.node]
        task = Task(
            case=case,
            county=case.county,
            division_code=case.division_code,
            node=node.id,
            token=waiting.token,
            name=node.name,
            role=node.role,
            seat=node.seat,
            kind=node.kind,
            waits=node.waits,
            round=case.round,
            opened_on=on,
            due_on=None if node.waits else rules.after_working_days(on, node.days or usual, days),
        )
        task.save(force_insert=True)
        opened.append(task)
        record(
            events.OPENED,
            documents.TASK,
            task,
            before=None,
            division=case.division_code,
            actor=actor,
            on=on,
            facts={"title": case.title, "step": task.name},
        )
    if any(task.role == diagram.DRAFTER for task in opened) and case.drafter_id != actor.account_id:
        telling.tell([case.drafter_id], MessageKind.RETURNED, case, "", on=on)
    outcome = outcomes.of(case.code)
    if outcome.on_waiting is not None:
        for task in opened:
            if task.waits:
                outcome.on_waiting(case, task, actor, on)
    if not run.end:
        outcome.on_moved(case, actor, on)
    else:
        _end(case, drawing.nodes[run.end].outcome, actor=actor, on=on)


def _end(case: Case, result: str, *, actor: Actor, on: date) -> None:
    """End the case; what follows from it happens in the same transaction, and its refusal refuses the step."""
    before = whole(documents.CASE, case)
    case.status, case.ended_on, case.version = CaseStatus(result), on, case.version + 1
    case.save(force_update=True)
    record(
        events.ENDED,
        documents.CASE,
        case,
        before=before,
        division=case.division_code,
        actor=actor,
        on=on,
        facts={"title": case.title, "outcome": case.get_status_display()},
    )
    if case.drafter_id != actor.account_id:
        telling.tell([case.drafter_id], MessageKind.ENDED, case, str(case.get_status_display()), on=on)
    outcome = outcomes.of(case.code)
    (outcome.on_approved if case.status == CaseStatus.APPROVED else outcome.on_rejected)(case, actor, on)


def void_waiting(case: Case, reason: str, *, actor: Actor, on: date) -> None:
    """Close every waiting task of the case without an answer."""
    for task in Task.objects.select_for_update().filter(case=case, status=TaskStatus.WAITING).order_by("id"):
        before = whole(documents.TASK, task)
        task.status, task.closed_on = TaskStatus.VOID, on
        task.save(force_update=True)
        record(
            events.VOIDED,
            documents.TASK,
            task,
            before=before,
            division=case.division_code,
            actor=actor,
            on=on,
            reason=reason,
            facts={"title": case.title, "step": task.name},
        )
