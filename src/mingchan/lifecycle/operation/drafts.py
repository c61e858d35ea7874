"""What is handed in about contracts (草稿)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class StepDraft(NamedTuple):
    """From a month of the contract on (1 is the first) the rent of a year is another."""

    from_month: int
    yearly_fen: int


@dataclass(frozen=True, slots=True)
class TermsDraft:
    """The terms of a contract: the four parts of 2.4.2a. Fen, days, months, ten-thousandths (`share_bp`)."""

    mode: str = ""
    starts_on: date | None = None
    last_day: date | None = None
    yearly_fen: int = 0
    every: str = "QUARTER"
    due_at: str = "START"
    due_days: int = 10
    free_months: int = 0
    steps: Sequence[StepDraft] = ()
    share_of: str = "NONE"
    share_bp: int = 0
    share_every: str = "YEAR"
    deposit_fen: int = 0
    income_note: str = ""
    measures: str = ""
    emergency_plan: str = ""
    operator_duties: str = ""
    lessor_duties: str = ""


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A file as it was uploaded."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReturnDraft:
    """One asset given back at the end of a contract: its state and a remark."""

    asset: int
    condition: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class InsuranceDraft:
    """An insurance policy (保单)."""

    insurer: str
    number: str
    cover: str
    sum_fen: int
    premium_fen: int
    starts_on: date
    last_day: date
    asset_ids: Sequence[int] = ()
