"""Keeping scans (扫码留存): every code an account reads, with what it meant at that moment, and never changed."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.register.labels import events, queries
from mingchan.register.labels.choices import Way
from mingchan.register.labels.drafts import Found, ScanDraft
from mingchan.register.labels.models import Scan
from mingchan.register.labels.queries.documents import SCAN


@transaction.atomic
def note_scans(scans: Sequence[ScanDraft], *, actor: Actor, on: date) -> list[Found]:
    """Keep scans and tell what each text means today, in their order; a few statements however many (2.6.1b, 3.4.1).

    A place that is no place on earth, or half a place, is kept as unknown. Raises ValueError for an unknown way.
    """
    if not scans:
        return []
    meant = queries.resolve([scan.text for scan in scans], actor.county)
    rows = Scan.objects.bulk_create([_row(scan, meant[scan.text], actor) for scan in scans], batch_size=500)
    evidence.record_many(
        events.SCANNED,
        [(f"label_scan:{row.pk}", "", protection.document(SCAN, row)) for row in rows],
        actor=actor,
        on=on,
        facts={"code": rows[0].code, "count": len(rows)},
    )
    return [meant[scan.text] for scan in scans]


def _row(scan: ScanDraft, found: Found, actor: Actor) -> Scan:
    north, east = scan.latitude_micro, scan.longitude_micro
    if north is None or east is None or abs(north) > 90_000_000 or abs(east) > 180_000_000:
        north = east = None
    return Scan(
        county=actor.county,
        code=found.code[:40],
        label_id=found.label_id,
        asset_id=found.asset_id,
        way=Way(scan.way),
        at=scan.at,
        scanned_by=actor.name,
        latitude_micro=north,
        longitude_micro=east,
    )
