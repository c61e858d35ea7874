"""What left the system of the list of sites (站点清单) is recorded as an act."""

from datetime import date

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.sites import events


def record_export(count: int, filter_text: str, *, actor: Actor, on: date) -> int:
    """Record that so many sites of a filter were exported; returns the record's number (2.2)."""
    return evidence.record(
        events.EXPORTED,
        Ref("county", actor.county),
        actor=actor,
        on=on,
        facts={"count": count, "filter": filter_text},
    )
