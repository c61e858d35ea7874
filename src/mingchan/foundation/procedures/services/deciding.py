"""Deciding a step (办理): an opinion about exactly one file, and the way the case goes on from it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import diagram, engine, events, rules, wording
from mingchan.foundation.procedures.choices import ANSWERS, Kind, TaskStatus
from mingchan.foundation.procedures.models import Case, CasePaper, Opinion, Task
from mingchan.foundation.procedures.queries import definitions, documents, standing, table_versions
from mingchan.foundation.procedures.rules import Fault, Votes
from mingchan.foundation.procedures.services import copying, filing, running
from mingchan.foundation.procedures.services.filing import PaperDraft
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.period import utc_now

_FIELDS = {
    Fault.NO_REASON: "text",
    Fault.NO_DOCUMENT: "document_no",
    Fault.BAD_ANSWER: "answer",
    Fault.PAPERS_MISSING: "papers",
}
"""The field of the form that a fault is about."""


@transaction.atomic
def decide(
    task_id: int,
    *,
    answer: str,
    text: str = "",
    document_no: str = "",
    votes: Votes | None = None,
    version: int,
    facts: Mapping[str, Any] | None = None,
    revised: str | None = None,
    papers: Iterable[PaperDraft] = (),
    actor: Actor,
    on: date,
) -> Case:
    """Say yes, no or back to a step, in the name of the body whose seat it is; returns the case as it stands then.

    The conditions of the drawing find the answer under the step's id. `facts` are further facts found at this step. A
    revision may bring a new text and new papers: the file is then another one, and what was said of the old counts no
    more.
    When the case ends here, what follows from it happens in the same transaction. Raises NotFound for a task that the
    actor can't see, NotAllowed when it isn't theirs to decide, Stale when the case went on since, Refusal for an
    incomplete answer. Serves 2.4.2b, 2.4.2c, 3.4.3a.
    """
    found = Task.objects.filter(pk=task_id, county=actor.county).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound(_("没有这项待办"))
    case = running.locked(found, actor)
    task = Task.objects.get(pk=task_id)
    verdict = standing.may_decide(task, case, actor, on)
    if verdict.fault is not None or verdict.hat is None or task.waits:
        raise NotAllowed(wording.FAULTS[verdict.fault or Fault.NO_ROLE], clauses=("2.4.2c",))
    running.is_running(case)
    if task.status != TaskStatus.WAITING or case.version != version:
        raise Stale(_("事项刚有新的进展，请看过后再办理"), theirs={"version": case.version}, yours={"version": version})
    if on < task.opened_on:
        raise Refusal(_("办理日期不能早于到达日期"), clauses=("2.4.2c",), field="on")
    _complete(task, case, answer, text, document_no, votes)

    if task.role == diagram.DRAFTER:
        _revise(case, revised, papers, actor=actor, on=on)
    account = Account.objects.select_related("office").get(pk=actor.account_id or 0)
    delegator = None
    office = account.office
    if verdict.hat.delegator is not None:
        delegator = Account.objects.select_related("office").get(pk=verdict.hat.delegator)
        office = delegator.office
    opinion = Opinion(
        task=task,
        case=case,
        round=case.round,
        account=account,
        account_name=account.name,
        office=office,
        office_name=task.seat or office.name,
        delegator=delegator,
        answer=answer,
        text=text.strip(),
        document_no=document_no.strip(),
        votes=votes.text() if votes is not None and task.kind == Kind.VOTE else "",
        file_digest=case.file_digest,
        given_on=on,
        recorded_at=utc_now(),
    )
    opinion.save(force_insert=True)
    running.record(
        events.DECIDED,
        documents.OPINION,
        opinion,
        before=None,
        division=case.division_code,
        actor=actor,
        on=on,
        reason=text.strip(),
        facts={"title": case.title, "step": task.name, "answer": opinion.get_answer_display()},
    )
    return _go_on(case, task, {task.node: answer, **(facts or {})}, actor=actor, on=on)


def _revise(case: Case, text: str | None, papers: Iterable[PaperDraft], *, actor: Actor, on: date) -> None:
    """Put the drafter's revision into the file; a changed file begins a new round."""
    before = case.file_digest
    case.text = case.text if text is None else text.strip()
    case.round += 1
    filing.add(case, papers, is_judged=True, actor=actor, on=on)
    case.file_digest = filing.digest_of(case)
    if case.file_digest == before:
        case.round -= 1


def _complete(task: Task, case: Case, answer: str, text: str, document_no: str, votes: Votes | None) -> None:
    """Raises Refusal for an answer that isn't complete."""
    node = definitions.drawing_of(case.content).nodes[task.node]
    present = set(CasePaper.objects.filter(case=case).values_list("code", flat=True)) if node.papers else set()
    fault = rules.answer_fault(
        task.kind,
        answer,
        allowed=ANSWERS[Kind(task.kind)],
        text=text,
        document_no=document_no,
        votes=votes,
        missing_papers=[code for code in node.papers if code not in present],
    )
    if fault is not None:
        field = {Fault.NO_REASON: "text", Fault.NO_DOCUMENT: "document_no", Fault.BAD_ANSWER: "answer"}.get(
            fault, "votes"
        )
        raise Refusal(wording.FAULTS[fault], clauses=("2.4.2c", "3.4.3a"), field=field)


@transaction.atomic
def signal(case_id: int, waits: str, *, facts: Mapping[str, Any] | None = None, actor: Actor, on: date) -> Case:
    """Wake a case that waits for something outside procedures (a notice that ended without objection).

    Called by the context that did it, which has checked its own right. Raises Refusal when the case doesn't wait for
    that. Serves 2.4.2c, 3.4.3a.
    """
    case = running.locked(case_id, actor)
    running.is_running(case)
    task = Task.objects.filter(case=case, status=TaskStatus.WAITING, waits=waits).order_by("id").first()
    if task is None or not waits:
        raise Refusal(_("事项没有在等待这一环节"), clauses=("2.4.2c",))
    return _go_on(case, task, {task.node: "DONE", **(facts or {})}, actor=actor, on=on)


def _go_on(case: Case, task: Task, found: Mapping[str, Any], *, actor: Actor, on: date) -> Case:
    """Close the task and follow the drawing from it."""
    task_before = running.whole(documents.TASK, task)
    case_before = running.whole(documents.CASE, Case.objects.get(pk=case.pk))
    task.status, task.closed_on = TaskStatus.DONE, max(on, task.opened_on)
    task.save(force_update=True)
    facts = {**orjson.loads(case.facts), **orjson.loads(case.found), **found}
    try:
        run = engine.complete(case.run, task.token, facts, running.decide_by(table_versions.tables_of(case)))
    except engine.Broken as error:
        raise running.broken(error) from error
    case.found = orjson.dumps({**orjson.loads(case.found), **found}, option=orjson.OPT_SORT_KEYS).decode()
    running.put(case, run)
    case.save(force_update=True)
    words = {"title": case.title, "step": task.name}
    for protected, row, before in ((documents.TASK, task, task_before), (documents.CASE, case, case_before)):
        running.record(
            events.WOKEN, protected, row, before=before, division=case.division_code, actor=actor, on=on, facts=words
        )
    nodes = definitions.drawing_of(case.content).nodes
    copying.by_drawing(case, task.node, nodes[task.node].cc, actor=actor, on=on)
    running.follow(case, run, actor=actor, on=on)
    if run.end:
        copying.by_drawing(case, run.end, nodes[run.end].cc, actor=actor, on=on)
    case.refresh_from_db()
    return case
