"""What is handed in about a plan (草稿): stages with days and offices, an uploaded paper."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class OutputDraft(NamedTuple):
    """An output of a stage: the measure's code, its titles, its clause, the office's party id."""

    measure: str
    title: str
    title_en: str
    clause: str
    office: int


class StageDraft(NamedTuple):
    """A stage to be set up: days both included, the office's party id, its outputs."""

    code: str
    title: str
    title_en: str
    clause: str
    starts_on: date
    ends_on: date
    office: int
    outputs: tuple[OutputDraft, ...]


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A file that shows an output, as it was uploaded."""

    name: str
    content: bytes
