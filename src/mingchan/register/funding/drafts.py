"""What a registrar hands in about money (草稿): plain tuples, amounts in fen, dates with their precision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, NamedTuple

from mingchan.kernel.period import Precision


class AppropriationDraft(NamedTuple):
    """Money sent down (资金下达): `funding` is a source code of the policy pack, `level` a `FundLevel` value or blank.

    `sheet`, `row` and `originals` (heading → text) say where it stood in a workbook. `scope_reason` admits a source
    from outside the plan's scope (2.1.1).
    """

    funding: str
    document: str
    amount_fen: int
    level: str = ""
    issued_on: date | None = None
    issued_precision: str = Precision.DAY
    division_code: str = ""
    sheet: str = ""
    row: int | None = None
    originals: Mapping[str, str] | None = None
    scope_reason: str = ""
    project_id: int | None = None


class FundUseDraft(NamedTuple):
    """One payment (支出) of a project line (子项目): what was paid, and how much became assets and how much expense.

    `year` is the project year, 0 when not given. `payee_id` names a party of the directory, `payee` is its name as
    written. `paid_fen` equals `asset_fen` + `expense_fen`.
    """

    line: str
    funding: str
    document: str
    item: str
    paid_fen: int
    asset_fen: int
    expense_fen: int
    year: int = 0
    payee: str = ""
    payee_id: int | None = None
    paid_on: date | None = None
    paid_precision: str = Precision.DAY
    division_code: str = ""
    sheet: str = ""
    row: int | None = None
    originals: Mapping[str, str] | None = None
    scope_reason: str = ""
    contract_no: str = ""
    invoice_no: str = ""
    purpose: str = ""


class ProjectDraft(NamedTuple):
    """A project of a year (项目): its programme (项目类别), the office answering for it, the budget in fen if known."""

    name: str
    year: int
    programme: str = ""
    office_id: int | None = None
    budget_fen: int | None = None
    note: str = ""


class LineDraft(NamedTuple):
    """A sub-project (子项目): `system` a `System` value or blank, `tiers` tiers of the register joined by commas."""

    name: str
    system: str = ""
    tiers: str = ""


class StageDraft(NamedTuple):
    """A stage of a project (项目阶段) on a day; with `line_id` of that sub-project alone."""

    kind: str
    happened_on: date | None
    happened_precision: str = Precision.DAY
    office_id: int | None = None
    note: str = ""
    line_id: int | None = None


class Paper(NamedTuple):
    """A file handed in with an entry (附件): its name, its content, an `AttachmentKind` value."""

    name: str
    content: BinaryIO
    kind: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something doubtful (提醒) in what was handed in: `index` counts drafts from 0, amounts in fen."""

    code: str
    index: int
    sheet: str
    row: int | None
    funding: str
    document: str
    amount_fen: int = 0
    limit_fen: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a service wrote: the block of ids, how many, the sum in fen, vouchers, the first log number, findings."""

    first_id: int
    last_id: int
    count: int
    amount_fen: int
    voucher_ids: tuple[int, ...]
    first_seq: int
    findings: tuple[Finding, ...]
