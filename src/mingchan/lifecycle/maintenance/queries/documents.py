"""What the verifier compares of inspections and repairs."""

from typing import Any

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.lifecycle.maintenance.models import FieldEvent, Line, Order, Rhythm, Round, Step, Warranty

RHYTHM = Protected("inspection_rhythm", Rhythm, label=("site_id",))
ROUND = Protected(
    "inspection_round",
    Round,
    children=(Child(Line, "round", "lines", ("asset_id",), exclude=("id",)),),
    label=("number",),
)
EVENT = Protected("inspection_event", FieldEvent, label=("key",))
ORDER = Protected(
    "maintenance_order", Order, children=(Child(Step, "order", "steps", ("number",), exclude=("id",)),)
)  # fmt: skip
WARRANTY = Protected("warranty", Warranty, label=("provider",))
PROTECTED = (RHYTHM, ROUND, EVENT, ORDER, WARRANTY)


def document(protected: Protected, row: Any) -> dict[str, Any]:
    """A row as it is recorded, with what hangs on it."""
    return protection.document(protected, row)
