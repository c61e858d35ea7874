"""What arrives from a phone and what is answered (回传内容), as plain values."""

from dataclasses import dataclass, field
from typing import NamedTuple

from mingchan.kernel.fieldwork import Answer, Event


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone that speaks: its own key, the name people gave it, what it still holds, how far its clock stands off."""

    device: str
    name: str = ""
    unsent: int = 0
    skew_seconds: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of one errand as they arrived. `faulty` are those that can't be read, each with its answer already."""

    contact: Contact
    account_id: int
    worked_by: str
    capsule: str
    events: tuple[Event, ...]
    faulty: tuple[Answer, ...] = ()


class Issued(NamedTuple):
    """A capsule as it travels: the exact text, its SHA-256, and the signature over the text (base64)."""

    text: str
    digest: str
    signature: str

    def as_dict(self) -> dict[str, str]:
        """The form in which the phone keeps it and a file carries it."""
        return {"format": "mingchan-capsule-file-1", **self._asdict()}


class Progress(NamedTuple):
    """How much of a photograph is here: bytes so far, and whether it is kept as an attachment."""

    received: int
    complete: bool


@dataclass(slots=True)
class Outcome:
    """What became of a result file: events taken, known before, refused with reasons; photographs kept or not."""

    title: str
    worked_by: str
    taken: int = 0
    known: int = 0
    refused: list[Answer] = field(default_factory=list)
    photos: int = 0
    photos_known: int = 0
    photos_refused: list[str] = field(default_factory=list)
