"""What a report is before it is taken in, and what the reporter gets for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class FileDraft(NamedTuple):
    """A photograph or paper: its name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ComplaintDraft:
    """A report: kind and source by their words, an asset by its number or a place or both, and who reports, if said."""

    kind: str
    text: str
    source: str
    asset_code: str = ""
    division_code: str = ""
    place: str = ""
    name: str = ""
    contact: str = ""
    files: Sequence[FileDraft] = ()


class Receipt(NamedTuple):
    """What the reporter keeps: the number, and the secret code without which nobody sees how it goes on."""

    id: int
    number: str
    code: str


class Office(NamedTuple):
    """An office that handles reports, with the division prefix over which it does."""

    scope: str
    party_id: int
    name: str
