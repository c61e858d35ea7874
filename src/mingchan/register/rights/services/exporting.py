"""Noting that a holder's ledger left the system (导出留痕)."""

from datetime import date

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import RightKind
from mingchan.register.rights import events


def record_export(party: Party, kind: str, count: int, *, actor: Actor, on: date) -> None:
    """Leave a record that the holder's ledger was exported (3.3)."""
    facts = {"name": party.name, "kind": str(RightKind(kind).label), "count": count}
    evidence.record(
        events.EXPORTED, Ref("party", party.pk), actor=actor, on=on, division=party.division_code, facts=facts
    )
