"""What follows when a case ends or waits (办理结果): upper contexts say so in the wiring, procedures only call.

The decisive reaction runs in the transaction that ends the case: when it refuses, the step is refused, and the official
sees why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from mingchan.kernel.actor import Actor

if TYPE_CHECKING:
    from mingchan.foundation.procedures.models import Case, Task

Reaction = Callable[["Case", Actor, date], None]


def _nothing(_case: "Case", _actor: Actor, _on: date) -> None:
    """Nothing follows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reactions of one procedure. `on_waiting` hears of each step that waits for another part of the system,
    `on_moved` of every step to somewhere new, `on_amended` of a changed file, its waiting steps void by then;
    `may_change` is asked before the drafter amends or withdraws a case; `template` draws the subject on the case's
    page, with what `subject` gives as `part`."""

    on_approved: Reaction = _nothing
    on_rejected: Reaction = _nothing
    on_withdrawn: Reaction = _nothing
    on_waiting: "Callable[[Case, Task, Actor, date], None] | None" = None
    on_moved: Reaction = _nothing
    on_amended: Reaction = _nothing
    may_change: Reaction = _nothing
    template: str = ""
    subject: "Callable[[Case, Actor], Mapping[str, Any]] | None" = None


_outcomes: dict[str, Outcome] = {}


def register(code: str, outcome: Outcome) -> None:
    """Say what follows from the cases of a procedure."""
    _outcomes[code] = outcome


def of(code: str) -> Outcome:
    """What follows from a procedure's cases; nothing for one that nobody spoke for."""
    return _outcomes.get(code, Outcome())
