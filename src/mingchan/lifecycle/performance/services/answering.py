"""Finance checks what was handed in, the evaluated body is heard (审核、告知、申诉, 2.4.2d, 1.2b)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import queries as procedures
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.performance import events, permissions
from mingchan.lifecycle.performance.choices import AppealState, State
from mingchan.lifecycle.performance.drafts import FileDraft
from mingchan.lifecycle.performance.models import Appeal, Evaluation
from mingchan.lifecycle.performance.queries.documents import APPEAL, EVALUATION
from mingchan.lifecycle.performance.services import keeping

CLAUSES = ("2.4.2d", "1.2b")


@transaction.atomic
def announce(evaluation_id: int, *, version: int, actor: Actor, on: date) -> Evaluation:
    """Accept what was handed in and tell the evaluated body, which may appeal within a term of working days.

    Raises NotAllowed without `performance.commission`, Refusal in another state, Stale.
    """
    found = keeping.locked(evaluation_id, actor)
    permissions.require(actor, permissions.COMMISSION, found.division_code)
    keeping.current(found, version)
    keeping.stands(found, State.SUBMITTED)
    before = keeping.whole(EVALUATION, found)
    found.state, found.announced_on, found.returned_for = State.ANNOUNCED, on, ""
    found.appeal_until = procedures.working_day_after(actor.county, on, policy.figure("performance.appeal_days"))
    return keeping.save(found, events.ANNOUNCED, before, actor=actor, on=on)


@transaction.atomic
def return_scores(evaluation_id: int, *, reason: str, version: int, actor: Actor, on: date) -> Evaluation:
    """Give what was handed in back to the evaluator with the reason. Raises as `announce`, Refusal without one."""
    found = keeping.locked(evaluation_id, actor)
    permissions.require(actor, permissions.COMMISSION, found.division_code)
    keeping.current(found, version)
    keeping.stands(found, State.SUBMITTED)
    text = keeping.said(reason, "reason", 300)
    before = keeping.whole(EVALUATION, found)
    found.state, found.returned_for = State.ASSIGNED, text
    return keeping.save(found, events.RETURNED, before, reason=text, actor=actor, on=on)


@transaction.atomic
def appeal(evaluation_id: int, *, text: str, paper: FileDraft | None = None, actor: Actor, on: date) -> Appeal:
    """The evaluated body objects to its announced result, within the term.

    Raises NotAllowed for anybody but its account, Refusal after the term, twice, or without words.
    """
    found = keeping.locked(evaluation_id, actor)
    permissions.require_truth(permissions.answers(actor, found))
    keeping.stands(found, State.ANNOUNCED)
    if found.appeal_until is not None and on > found.appeal_until:
        raise Refusal(
            _("申诉期已于 %(day)s 截止") % {"day": found.appeal_until.isoformat()}, clauses=CLAUSES, field="text"
        )
    if found.appeals.filter(state=AppealState.OPEN).exists():
        raise Refusal(_("已有一件申诉正在处理"), clauses=CLAUSES)
    row = Appeal(
        evaluation=found,
        text=keeping.said(text, "text"),
        raised_on=on,
        raised_by=actor.name,
        paper=keeping.keep(paper, Ref("evaluation", found.pk), found, actor=actor, on=on),
    )
    row.save(force_insert=True)
    facts = {"name": found.contract.title, "year": found.year}
    keeping.record(events.APPEALED, APPEAL, row, division=found.division_code, facts=facts, actor=actor, on=on)
    return row


@transaction.atomic
def answer_appeal(
    evaluation_id: int, *, is_upheld: bool, answer: str, version: int, actor: Actor, on: date
) -> Evaluation:
    """Finance answers the appeal: an upheld one sends the scores back, otherwise the result stands.

    Raises NotAllowed without `performance.commission`, Refusal without an open appeal or words, Stale.
    """
    found = keeping.locked(evaluation_id, actor)
    permissions.require(actor, permissions.COMMISSION, found.division_code)
    keeping.current(found, version)
    keeping.stands(found, State.ANNOUNCED)
    row = found.appeals.select_for_update().filter(state=AppealState.OPEN).first()
    if row is None:
        raise Refusal(_("没有待答复的申诉"), clauses=CLAUSES)
    said = keeping.said(answer, "answer")
    appeal_before, before = keeping.whole(APPEAL, row), keeping.whole(EVALUATION, found)
    row.state = AppealState.UPHELD if is_upheld else AppealState.REJECTED
    row.answer, row.answered_on, row.answered_by = said, on, actor.name
    row.save(force_update=True)
    facts = {"name": found.contract.title, "outcome": row.get_state_display()}
    keeping.record(
        events.APPEAL_ANSWERED, APPEAL, row, division=found.division_code, before=appeal_before, facts=facts,
        actor=actor, on=on,
    )  # fmt: skip
    if not is_upheld:
        return found
    found.state, found.returned_for = State.ASSIGNED, said[:300]
    found.announced_on = found.appeal_until = None
    return keeping.save(found, events.RETURNED, before, reason=said[:200], actor=actor, on=on)
