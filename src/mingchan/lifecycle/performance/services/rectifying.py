"""Putting right what a failed evaluation found (整改): reports, review, more time; closed by a review only (2.4.2d)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.performance import events, permissions
from mingchan.lifecycle.performance.choices import FixState, StepKind
from mingchan.lifecycle.performance.drafts import FileDraft
from mingchan.lifecycle.performance.models import FixStep, Rectification
from mingchan.lifecycle.performance.queries.documents import FIX, STEP
from mingchan.lifecycle.performance.services import keeping

CLAUSES = ("2.4.2d", "4.2")


def step(
    row: Rectification, kind: str, text: str, *, paper: str = "", until: date | None = None, actor: Actor, on: date
) -> FixStep:
    """Write one step of a rectification and record it."""
    made = FixStep(
        rectification=row, kind=kind, text=text[:1000], paper=paper, until=until, on=on,
        office_name=permissions.office_name(actor), done_by=actor.name,
    )  # fmt: skip
    made.save(force_insert=True)
    facts = {"name": row.evaluation.contract.title, "step": made.get_kind_display()}
    keeping.record(events.FIX_CHANGED, STEP, made, division=row.division_code, facts=facts, actor=actor, on=on)
    return made


def _change(row: Rectification, state: str, made: FixStep, *, actor: Actor, on: date) -> Rectification:
    before = keeping.whole(FIX, row)
    row.state = state
    row.closed_on = on if state == FixState.CLOSED else None
    if made.until is not None:
        row.due_on = made.until
    facts = {"step": made.get_kind_display()}
    return keeping.save_fix(row, events.FIX_CHANGED, before, facts=facts, actor=actor, on=on)


@transaction.atomic
def report_fix(
    fix_id: int, *, text: str, is_done: bool, paper: FileDraft | None = None, version: int, actor: Actor, on: date
) -> Rectification:
    """The operator reports progress, or that everything is put right, which needs a paper or photograph.

    Raises NotAllowed for anybody but the evaluated body, Refusal when it isn't open, without words or proof, Stale.
    """
    row = keeping.locked_fix(fix_id, actor)
    permissions.require_truth(permissions.answers(actor, row.evaluation))
    keeping.current(row, version)
    if row.state != FixState.OPEN:
        raise Refusal(_("整改现在是“%(state)s”，不能再报告") % {"state": row.get_state_display()}, clauses=CLAUSES)
    said = keeping.said(text, "text")
    if is_done and paper is None:
        raise Refusal(_("报告整改完成须附证明材料或照片"), clauses=CLAUSES, field="paper")
    kept = keeping.keep(paper, Ref("rectification", row.pk), row.evaluation, actor=actor, on=on)
    made = step(row, StepKind.DONE if is_done else StepKind.PROGRESS, said, paper=kept, actor=actor, on=on)
    return _change(row, FixState.REPORTED if is_done else FixState.OPEN, made, actor=actor, on=on)


def _reviewed(fix_id: int, version: int, state: str, actor: Actor) -> Rectification:
    row = keeping.locked_fix(fix_id, actor)
    permissions.require(actor, permissions.REVIEW, row.division_code)
    keeping.current(row, version)
    if row.state != state:
        raise Refusal(_("整改现在是“%(state)s”，不能进行这一步") % {"state": row.get_state_display()}, clauses=CLAUSES)
    return row


@transaction.atomic
def close_fix(fix_id: int, *, text: str, version: int, actor: Actor, on: date) -> Rectification:
    """The bureau has looked and found it put right. Raises NotAllowed without `performance.review`, Refusal, Stale."""
    row = _reviewed(fix_id, version, FixState.REPORTED, actor)
    made = step(row, StepKind.CLOSED, keeping.said(text, "text"), actor=actor, on=on)
    return _change(row, FixState.CLOSED, made, actor=actor, on=on)


@transaction.atomic
def return_fix(
    fix_id: int, *, text: str, until: date | None = None, version: int, actor: Actor, on: date
) -> Rectification:
    """The bureau has looked and it isn't put right; a new term may be given. Raises as `close_fix`."""
    row = _reviewed(fix_id, version, FixState.REPORTED, actor)
    _later(until, on)
    made = step(row, StepKind.RETURNED, keeping.said(text, "text"), until=until, actor=actor, on=on)
    return _change(row, FixState.OPEN, made, actor=actor, on=on)


@transaction.atomic
def extend_fix(fix_id: int, *, text: str, until: date, version: int, actor: Actor, on: date) -> Rectification:
    """Give more time, with the reason. Raises as `close_fix`; Refusal for a day that isn't later than the term."""
    row = _reviewed(fix_id, version, FixState.OPEN, actor)
    if until <= row.due_on:
        raise Refusal(_("新的期限应晚于原期限"), clauses=CLAUSES, field="until")
    made = step(row, StepKind.EXTENDED, keeping.said(text, "text"), until=until, actor=actor, on=on)
    return _change(row, FixState.OPEN, made, actor=actor, on=on)


def _later(until: date | None, on: date) -> None:
    if until is not None and until <= on:
        raise Refusal(_("新的期限应晚于今天"), clauses=CLAUSES, field="until")
