"""What follows from the procedure of revival (盘活审批办结)."""

from datetime import date

from django.utils import translation

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.revival import events
from mingchan.lifecycle.revival.choices import State, StepKind
from mingchan.lifecycle.revival.models import Measure
from mingchan.lifecycle.revival.queries.documents import document
from mingchan.lifecycle.revival.services import keeping


def on_approved(case: Case, actor: Actor, on: date) -> None:
    """The measure is agreed to and may be carried out (2.6.2)."""
    _decided(case, State.APPROVED, actor=actor, on=on)


def on_rejected(case: Case, actor: Actor, on: date) -> None:
    """The measure was refused or taken back: its assets are free for another."""
    _decided(case, State.REJECTED, actor=actor, on=on)


def _decided(case: Case, state: State, *, actor: Actor, on: date) -> None:
    measure = Measure.objects.select_for_update(of=("self",)).filter(case=case).first()
    if measure is None or measure.state != State.PROCEDURE:
        return
    before = document(measure)
    keeping.end_step(measure, StepKind.DECISION, on)
    with translation.override("zh-hans"):
        outcome = str(state.label)
    changes = {"state": state, "closed_on": on} if state == State.REJECTED else {"state": state}
    keeping.save(
        measure, changes, events.DECIDED, before=before, actor=actor, on=on,
        facts={"number": measure.number, "outcome": outcome},
    )  # fmt: skip
