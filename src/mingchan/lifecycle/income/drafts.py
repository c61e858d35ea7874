"""What is handed in to income (草稿)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """Money that came in. `chosen` says what goes to which receivable; without it, the oldest due first."""

    payer: int
    fen: int
    received_on: date
    bank_account: str
    voucher_no: str
    creditor: int | None = None
    chosen: Mapping[int, int] | None = None
    note: str = ""
    is_sample: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class RemittanceDraft:
    """Income that went to the treasury."""

    payer: int
    fen: int
    remitted_on: date
    treasury_account: str
    voucher_no: str
    is_sample: bool = field(default=False)


class StatementDraft(NamedTuple):
    """A line of a bank statement, as read."""

    day: date
    fen: int
    payer_name: str
    reference: str
    summary: str


class PaperDraft(NamedTuple):
    """A file as it was uploaded."""

    name: str
    content: bytes
