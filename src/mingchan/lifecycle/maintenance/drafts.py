"""What repairs are told, as plain values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FaultDraft:
    """A fault as reported: what, how bad (a Severity), out of use since when, where it came from as a reference."""

    what: str
    severity: str
    down_since: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class AssignDraft:
    """Who repairs, until when, for how much about; `by_warranty` free of charge."""

    supplier: str
    worker: str = ""
    due_on: date | None = None
    estimate_fen: int | None = None
    by_warranty: bool = False


@dataclass(frozen=True, slots=True)
class WorkDraft:
    """What was done, when the thing worked again, what it cost in fen, its invoice, of which Nature it was."""

    work: str
    repaired_on: date
    cost_fen: int
    nature: str
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class AcceptDraft:
    """How the work was found, whether paid or owed (a Payment), with which money (a source of the policy pack).

    `condition` is the asset's state of use from now on, empty to leave it; `warranty_until` a warranty with the repair.
    """

    result: str
    payment: str
    funding: str = ""
    condition: str = ""
    warranty_until: date | None = None
