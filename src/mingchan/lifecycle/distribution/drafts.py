"""What is handed in about distribution (草稿): households from a workbook, policies, plans, payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A file as it was uploaded."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A person of a household as a workbook says it; `row` is where."""

    name: str
    identity: str
    relation: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class HouseholdDraft:
    """A household as a workbook says it: in its division, by its number there, the head first among its members."""

    division_code: str
    number: str
    category: str
    members: Sequence[MemberDraft]
    people: int = 1
    phone: str = ""
    account: str = ""
    bank: str = ""
    since: date | None = None
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong at a place of a workbook. It never repeats the value: numbers of persons stay in the workbook."""

    sheet: str
    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy: `bounds` by use are least and most ten-thousandths of the pool, `weights` go by category."""

    division_code: str
    title: str
    starts_on: date
    method: str
    categories: Sequence[str]
    bounds: Mapping[str, tuple[int, int]]
    weights: Mapping[str, int] = field(default_factory=dict)
    basis: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class FixedShare:
    """A household's share set by hand, in fen, with the reason (特殊情形)."""

    fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan: whose receipts of which period, for which division's households as they stood on a day.

    `shares` by use are ten-thousandths and make a whole; `counted` gives days or months by household for methods that
    ask them; `fixed` sets single households' shares.
    """

    holder: int
    division_code: str
    period_start: date
    last_day: date
    as_of: date
    title: str
    shares: Mapping[str, int]
    counted: Mapping[int, int] = field(default_factory=dict)
    fixed: Mapping[int, FixedShare] = field(default_factory=dict)
    note: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class SpendingDraft:
    """Money of a use spent: on what, to whom, on which day, with the paper that shows it (用途支出)."""

    use: str
    fen: int
    payee: str
    purpose: str
    spent_on: date
    paper: PaperDraft | None = None
