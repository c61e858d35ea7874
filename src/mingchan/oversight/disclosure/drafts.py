"""What comes in from outside disclosure, as plain values (拟稿、异议)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class PlaceDraft(NamedTuple):
    """A place where a notice is to be shown: WEBSITE or BOARD, of a division."""

    kind: str
    division_code: str


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice as people write it. `unit`: CALENDAR or WORKING; `places` empty means the usual ones of the division."""

    kind: str
    title: str
    paragraphs: Sequence[str]
    division_code: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    clauses: Sequence[str] = ()
    contact: str = ""
    days: int = 0
    unit: str = ""
    places: Sequence[PlaceDraft] = ()


class FileDraft(NamedTuple):
    """A file that comes with something: its name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ObjectionDraft:
    """An objection as it comes in: its text, and if the person likes, name, contact and files."""

    text: str
    name: str = ""
    contact: str = ""
    files: Sequence[FileDraft] = ()


class Receipt(NamedTuple):
    """What a person gets for an objection: its number, and the code to follow it, which is shown this once only."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class PostingDraft:
    """Proof from a board: the photo, or why there is none; the day and, as HH:MM, the time."""

    posted_on: date
    posted_at: str = ""
    photo: FileDraft | None = None
    reason: str = ""
