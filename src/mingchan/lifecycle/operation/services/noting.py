"""What left the system as a file is on record (导出、打印)."""

from datetime import date

from django.db import transaction

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import events
from mingchan.lifecycle.operation.models import Contract


@transaction.atomic
def note_export(count: int, *, actor: Actor, on: date) -> None:
    """Record that a list of contracts was exported."""
    evidence.record(events.EXPORTED, Ref("contract", "list"), actor=actor, on=on, facts={"count": count})


@transaction.atomic
def note_print(contract: Contract, form: str, *, actor: Actor, on: date) -> None:
    """Record that a contract's text was made, as PDF or Word."""
    evidence.record(
        events.PRINTED,
        Ref("contract", contract.pk),
        actor=actor,
        on=on,
        division=contract.division_code,
        facts={"number": contract.number, "form": form},
    )
