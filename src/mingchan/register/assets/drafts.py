"""What a registrar hands in (登记草稿): plain tuples, so that a hundred thousand of them are cheap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class FundingPart(NamedTuple):
    """One source's part of the cost, in fen, with the paper that gave the money."""

    source: str
    amount_fen: int
    document: str = ""


class OriginDraft(NamedTuple):
    """Sheet, row, and by field name the original text of its cell and the column it stood in."""

    sheet: str
    row: int | None
    originals: Mapping[str, str] | None = None
    columns: Mapping[str, str] | None = None


class SiteDraft(NamedTuple):
    """A site by name and division; `system` and `tier` as in choices."""

    name: str
    division_code: str
    system: str
    tier: str
    kind: str = ""


class CardDraft(NamedTuple):
    """A card to be registered. Quantity in thousandths, money in fen, holders and site by id, dates as dates.

    `code` empty: a number is given. `six_class` empty: derived from `class_code`. `funding` empty: taken from shares.
    """

    name: str
    system: str
    tier: str
    division_code: str
    quantity_milli: int
    cost_fen: int
    unit: str = ""
    unit_price_fen: int | None = None
    code: str = ""
    class_code: str = ""
    six_class: str = ""
    asset_type: str = "INDUSTRY"
    site: int | None = None
    place: str = ""
    model: str = ""
    brand: str = ""
    acquired_on: date | None = None
    acquired_precision: str = "D"
    in_service_on: date | None = None
    year: int = 0
    project: str = ""
    funding: str = ""
    condition: str = ""
    owner: int | None = None
    user: int | None = None
    operator: int | None = None
    income_holder: int | None = None
    keeper: int | None = None
    serial_no: str = ""
    manufacturer: str = ""
    supplier: str = ""
    life_months: int | None = None
    residual_percent: int | None = None
    acquire_way: str = ""
    note: str = ""
    funding_shares: tuple[FundingPart, ...] = ()
    origin: OriginDraft | None = None


class PartDraft(NamedTuple):
    """One part of a lot to be split: how much (thousandths) and where it goes; None keeps what the lot has."""

    quantity_milli: int
    site: int | None = None
    division_code: str | None = None
    place: str | None = None
    keeper: int | None = None
    user: int | None = None
    serial_no: str = ""


class ShareDraft(NamedTuple):
    """One holder's share of a right, by party id; the shares of a kind sum to the whole. The last two: custody only."""

    party: int
    numerator: int = 1
    denominator: int = 1
    organisation: int | None = None
    due_on: date | None = None


class MoveDraft(NamedTuple):
    """What changes for a set of cards at once; what isn't named stays.

    `holders` maps a RightKind to the shares that hold from the day on; an empty tuple ends the right without a
    successor. `place` and the next two move the things. `is_transfer` says how the books follow a new owner: as an
    unpaid transfer between owners (无偿调拨), else as a correction of whose the thing was all along.
    """

    holders: Mapping[str, tuple[ShareDraft, ...]] = {}
    site: int | None = None
    division_code: str | None = None
    place: str | None = None
    condition: str | None = None
    is_transfer: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: how many cards, the vouchers posted, and the first record of it in the log."""

    count: int
    voucher_ids: tuple[int, ...]
    first_seq: int


@dataclass(frozen=True, slots=True)
class Registered:
    """What a registration did: the block of ids, how many, the sums, and where it is in the books and the log."""

    first_id: int
    last_id: int
    count: int
    quantity_milli: int
    cost_fen: int
    voucher_ids: tuple[int, ...]
    first_seq: int
