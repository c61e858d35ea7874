"""Noting that a certificate or a holder's ledger left the system (导出留痕)."""

from datetime import date

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import RightKind
from mingchan.register.rights import events
from mingchan.register.rights.models import Certificate
from mingchan.register.rights.queries.certificates import number_of


def record_export(party: Party, kind: str, count: int, *, actor: Actor, on: date) -> None:
    """Leave a record that the holder's ledger was exported (3.3)."""
    facts = {"name": party.name, "kind": str(RightKind(kind).label), "count": count}
    evidence.record(
        events.EXPORTED, Ref("party", party.pk), actor=actor, on=on, division=party.division_code, facts=facts
    )


def record_printing(certificate: Certificate, *, actor: Actor, on: date) -> None:
    """Leave a record that a certificate was printed (2.3)."""
    evidence.record(
        events.PRINTED,
        Ref("certificate", certificate.pk),
        actor=actor,
        on=on,
        division=certificate.confirmation.division_code,
        facts={"number": number_of(certificate)},
    )
