"""What an institution and a version are before they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class FileDraft(NamedTuple):
    """The issued paper: its name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """An institution: its title, what it governs, and the clauses of the plan that it carries out."""

    title: str
    field: str
    clauses: Sequence[str]


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """A version: number of the paper, its text, what changed, since when, and the roles that have to read it."""

    document_no: str
    text: str
    valid_from: date
    changes: str = ""
    readers: Sequence[str] = ()
    read_by: date | None = None
    file: FileDraft | None = None
