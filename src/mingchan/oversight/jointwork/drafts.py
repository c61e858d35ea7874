"""What plans, opinions and cases are before they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A year's tracking: what is looked at until when, and how the sample is drawn."""

    year: int
    title: str
    aims: str
    due_on: date
    sample_size: int
    weighting: str


class OpinionDraft(NamedTuple):
    """An office's opinion: the conclusion by its word, what it says, and what it asks to be put right."""

    conclusion: str
    text: str
    asks: str = ""


class PaperDraft(NamedTuple):
    """A paper: its name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case: the violation by its word, what happened, where the sign of it came from, about which cards."""

    violation: str
    title: str
    text: str
    happened_on: date
    asset_codes: Sequence[str] = ()
    source_ref: str = ""


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """Somebody responsible, as the decision names them; kept encrypted."""

    name: str
    share: str
    post: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order to pay: by whom, how much in fen, until when, under which document, to whose book."""

    person_id: int
    fen: int
    due_on: date
    document_no: str
    creditor_id: int
    paper: PaperDraft | None = None


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """A transfer: to whom, under which document, with which paper."""

    receiver: str
    authority: str
    document_no: str
    paper: PaperDraft
    text: str = ""
