"""Connections of disclosure (公示公开): a notice for every case that waits for one, whatever its procedure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.urls import reverse

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes, pack
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.outcomes import Reaction
from mingchan.kernel import links
from mingchan.kernel.actor import Actor
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, sections
from mingchan.oversight.disclosure import cards, queries, services
from mingchan.oversight.disclosure import sections as disclosure_sections
from mingchan.oversight.disclosure.models import Notice, Objection
from mingchan.oversight.disclosure.queries import documents

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {}

Waiting = Callable[[Case, Task, Actor, date], None]


def _and_draft(own: Waiting | None) -> Waiting:
    """What a procedure's context does when a case waits, and after it the draft of the notice."""

    def both(case: Case, task: Task, actor: Actor, on: date) -> None:
        if own is not None:
            own(case, task, actor, on)
        services.on_waiting(case, task, actor=actor, on=on)

    return both


def _and(own: Reaction, ours: Callable[..., None]) -> Reaction:
    """What a procedure's context does, and after it what becomes of the notice."""

    def both(case: Case, actor: Actor, on: date) -> None:
        own(case, actor, on)
        ours(case, actor=actor, on=on)

    return both


def _notice(ref: Ref) -> Link | None:
    found = Notice.objects.filter(pk=ref.id).values_list("number", "title").first()
    return Link(found[0] or found[1], reverse("disclosure:notice", args=[ref.id])) if found else None


def _objection(ref: Ref) -> Link | None:
    number = Objection.objects.filter(pk=ref.id).values_list("number", flat=True).first()
    return Link(number, reverse("disclosure:objection", args=[ref.id])) if number else None


def connect() -> None:
    """Make them. The contexts of procedures have spoken before: what they do stays, ours comes after it."""
    protection.register_check(documents.faults)
    links.register("notice", _notice)
    links.register("objection", _objection)
    sections.register("case", disclosure_sections.OF_CASE)
    desk.register("notices", cards.of_notices, order=30)
    for code in pack.procedure_files():
        said = outcomes.of(code)
        outcomes.register(
            code,
            replace(
                said,
                on_waiting=_and_draft(said.on_waiting),
                on_amended=_and(said.on_amended, services.on_amended),
                on_withdrawn=_and(said.on_withdrawn, services.on_withdrawn),
            ),
        )
