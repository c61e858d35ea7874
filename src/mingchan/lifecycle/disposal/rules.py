"""Pure rules of disposal (处置规则): what is missing, low, split or overdue (2.6.3, 3.4.3a-c)."""

import calendar
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Fault(StrEnum):
    """Why a proposal can't go out, or a result can't be recorded."""

    NO_ITEMS = "NO_ITEMS"
    NO_REASON = "NO_REASON"
    NO_USE = "NO_USE"
    NO_EXCEPTION = "NO_EXCEPTION"
    NO_FINDING = "NO_FINDING"
    NO_APPRAISAL = "NO_APPRAISAL"
    APPRAISAL_OVER = "APPRAISAL_OVER"
    NO_RECIPIENT = "NO_RECIPIENT"
    NO_LOSS = "NO_LOSS"
    PAPERS_MISSING = "PAPERS_MISSING"
    NO_OTHER_PARTY = "NO_OTHER_PARTY"
    NO_CONTRACT = "NO_CONTRACT"
    NO_PRICE = "NO_PRICE"
    PRICE_LOW = "PRICE_LOW"
    NO_AUCTION = "NO_AUCTION"
    AUCTION_NOTICE_SHORT = "AUCTION_NOTICE_SHORT"
    NO_DISMANTLING = "NO_DISMANTLING"
    NO_RESPONSIBLE = "NO_RESPONSIBLE"
    NO_INCOMING = "NO_INCOMING"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is known of a proposal when it is to go out. `appraisal_valid_to` is None without an appraisal."""

    kind: str
    count: int
    amount_fen: int
    reason: str
    proceeds_use: str
    brings_money: bool
    needs_appraisal: bool
    needs_finding: bool
    has_finding: bool
    has_recipient: bool
    has_loss: bool
    appraisal_valid_to: date | None
    performs_well: bool
    exception: str


def faults_of(proposal: Proposal, missing_papers: Collection[str], on: date) -> list[Fault]:
    """Everything that keeps a proposal from going out, in the order in which the form asks for it.

    A well-performing asset is in principle not disposed of (3.4.3a): it needs a stated exception.
    """
    found: list[Fault] = []
    is_money = proposal.kind == "MONETARY"
    if not is_money and not proposal.count:
        found.append(Fault.NO_ITEMS)
    if is_money and not (proposal.has_loss and proposal.amount_fen > 0):
        found.append(Fault.NO_LOSS)
    if not proposal.reason.strip():
        found.append(Fault.NO_REASON)
    if proposal.brings_money and not proposal.proceeds_use.strip():
        found.append(Fault.NO_USE)
    if proposal.kind in ("TRANSFER", "DONATION") and not proposal.has_recipient:
        found.append(Fault.NO_RECIPIENT)
    if proposal.performs_well and not proposal.exception.strip():
        found.append(Fault.NO_EXCEPTION)
    if proposal.needs_finding and not proposal.has_finding:
        found.append(Fault.NO_FINDING)
    if proposal.needs_appraisal:
        if proposal.appraisal_valid_to is None:
            found.append(Fault.NO_APPRAISAL)
        elif proposal.appraisal_valid_to < on:
            found.append(Fault.APPRAISAL_OVER)
    if missing_papers:
        found.append(Fault.PAPERS_MISSING)
    return found


def is_low(price_fen: int, appraised_fen: int, percent: int, approved_fen: int | None) -> bool:
    """Whether a price needs the approver again: below the percentage of the appraisal and below what was approved.

    Whole numbers only: 90 % of 1,000.01 yuan is 900.009, so 900.00 is low and 900.01 isn't.
    """
    if price_fen * 100 >= appraised_fen * percent:
        return False
    return approved_fen is None or price_fen < approved_fen


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of a result when it is to be recorded."""

    kind: str
    outside: bool
    other_party: str
    contract_no: str
    price_fen: int
    house: str
    place: str
    bidders: int
    notice_on: date | None
    confirmation_no: str
    handled_by: str
    responsible: str
    has_incoming: bool


def faults_of_result(
    result: Result,
    *,
    needs_appraisal: bool,
    appraisal: tuple[int, date] | None,
    approved_fen: int | None,
    percent: int,
    auction_days: int,
    on: date,
) -> list[Fault]:
    """Everything that keeps a result from being recorded. `appraisal` is the value in force and its last day."""
    found: list[Fault] = []
    if needs_appraisal:
        if appraisal is None:
            found.append(Fault.NO_APPRAISAL)
        elif appraisal[1] < on:
            found.append(Fault.APPRAISAL_OVER)
    if result.kind in ("SALE", "AUCTION", "SWAP", "TRANSFER", "DONATION") and not result.other_party.strip():
        found.append(Fault.NO_OTHER_PARTY)
    if result.kind in ("SALE", "SWAP", "DONATION") and not result.contract_no.strip():
        found.append(Fault.NO_CONTRACT)
    if result.outside and result.price_fen <= 0:
        found.append(Fault.NO_PRICE)
    elif result.outside and appraisal is not None and is_low(result.price_fen, appraisal[0], percent, approved_fen):
        found.append(Fault.PRICE_LOW)
    if result.kind == "AUCTION":
        said = (result.house.strip(), result.place.strip(), result.confirmation_no.strip(), result.notice_on)
        if not all(said) or result.bidders < 1:
            found.append(Fault.NO_AUCTION)
        elif result.notice_on is not None and result.notice_on + timedelta(days=auction_days) > on:
            found.append(Fault.AUCTION_NOTICE_SHORT)
    if result.kind == "SCRAP" and not (result.handled_by.strip() and result.contract_no.strip()):
        found.append(Fault.NO_DISMANTLING)
    if result.kind in ("DAMAGE", "MONETARY") and not result.responsible.strip():
        found.append(Fault.NO_RESPONSIBLE)
    if result.kind == "SWAP" and not result.has_incoming:
        found.append(Fault.NO_INCOMING)
    return found


def months_later(day: date, months: int) -> date:
    """The last day of a term of whole months from a day on: 2020-03-31 and 12 months end on 2021-03-30."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    same = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    return same - timedelta(days=1) if same.day == day.day else same


@dataclass(frozen=True, slots=True)
class Other:
    """Another proposal of the same unit with like things: its id, what it is worth, and the day it went out."""

    id: int
    cost_fen: int
    submitted_on: date


def split_suspected(
    own_fen: int, others: Sequence[Other], decide: Callable[[int], str], on: date, days: int
) -> tuple[bool, int]:
    """Whether like things were divided so that each part stays below a limit, and the sum that the table takes.

    Only proposals of the last `days` count, each of which, as this one, was decided lower than their sum would be.
    """
    near = [other for other in others if 0 <= (on - other.submitted_on).days <= days]
    total = own_fen + sum(other.cost_fen for other in near)
    if not near:
        return False, own_fen
    level = decide(total)
    below = [decide(value) != level for value in (own_fen, *(other.cost_fen for other in near))]
    return all(below), total


def is_overdue(outstanding_fen: int, first_received_on: date | None, days: int, on: date) -> bool:
    """Whether money of a disposal should have been with the treasury by now (2.6.3)."""
    return outstanding_fen > 0 and first_received_on is not None and first_received_on + timedelta(days=days) < on


def incoming_cost(appraised_fen: int, evened_fen: int, costs_fen: int = 0) -> int:
    """What a thing that came in by a swap costs: the appraisal of what went out, less what was paid to even it out."""
    return max(0, appraised_fen - evened_fen + costs_fen)
