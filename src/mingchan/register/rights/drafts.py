"""What a maker hands in (确权草稿): the holders proposed and the paper that says so."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class HolderDraft(NamedTuple):
    """One holder of one kind of right, as a fraction of the whole. The last two belong to custody only."""

    kind: str
    party: int
    numerator: int = 1
    denominator: int = 1
    organisation: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConfirmationDraft:
    """A batch as its maker proposes it: name, basis, holders; the paper is attached beside it."""

    title: str
    basis: str
    holders: tuple[HolderDraft, ...]
