"""What every act on a measure begins and ends with: the measure under lock, who may, and the record of the change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.revival import permissions
from mingchan.lifecycle.revival.choices import State
from mingchan.lifecycle.revival.models import Measure, Part, Step
from mingchan.lifecycle.revival.queries.documents import document, protected_of

CLAUSES = ("2.6.2",)


def locked(measure_id: int, right: str, *states: str, actor: Actor, version: int | None = None) -> Measure:
    """The measure, held until the transaction ends.

    Raises NotFound out of sight, NotAllowed without the right, Stale when somebody saved first, Refusal in a state
    outside `states` (none named: any).
    """
    found = Measure.objects.select_for_update(of=("self",)).filter(pk=measure_id, county=actor.county).first()
    measure = permissions.require(actor, right, found)
    if version is not None and measure.version != version:
        raise Stale(
            _("这项措施刚被他人办理，请核对后再继续"), theirs={"version": measure.version}, yours={"version": version}
        )
    if states and measure.state not in states:
        words = _("盘活措施 %(number)s 的进度是“%(state)s”，不能这样办理")
        raise Refusal(words % {"number": measure.number, "state": State(measure.state).label}, clauses=CLAUSES)
    return measure


def assets_of(measure: Measure) -> list[int]:
    """The assets of a measure that still count."""
    rows = Part.objects.filter(measure=measure, asset__status="ACTIVE").order_by("asset_id")
    return list(rows.values_list("asset_id", flat=True))


def add_step(measure: Measure, kind: str, ref: Ref, on: date, *, done: bool = False) -> None:
    """Note a step that the measure goes through. The caller records the measure."""
    Step.objects.create(measure=measure, kind=kind, ref=str(ref), begun_on=on, done_on=on if done else None)


def end_step(measure: Measure, kind: str, on: date) -> None:
    """Note that a step is done."""
    Step.objects.filter(measure=measure, kind=kind, done_on__isnull=True).update(done_on=on)


def save(
    measure: Measure,
    changes: Mapping[str, Any],
    kind: EventKind,
    *,
    before: Mapping[str, Any],
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any],
) -> None:
    """Write a measure's changes and record it with what it was before. A measure that ends lets its assets go."""
    for name, value in changes.items():
        setattr(measure, name, value)
    measure.version += 1
    measure.save(update_fields=[*changes, "version"])
    if measure.state in (State.DONE, State.REJECTED, State.STOPPED):
        Part.objects.filter(measure=measure, is_open=True).update(is_open=False)
    note(measure, kind, before=before, actor=actor, on=on, reason=reason, facts=facts)


def note(
    row: Any,
    kind: EventKind,
    *,
    division: str = "",
    before: Mapping[str, Any] | None = None,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any],
) -> None:
    """Record a row as it stands now."""
    evidence.record(
        kind,
        Ref(protected_of(row).kind, row.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(row),
        division=division or row.division_code,
        reason=reason,
        facts=facts,
    )
