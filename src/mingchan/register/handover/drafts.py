"""What is handed in about a handover (草稿): plain tuples, parties and sites by id."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from mingchan.kernel.refs import Ref


class HandoverDraft(NamedTuple):
    """The head of a list. `kind` is a HandoverKind; `rights` are kinds that move beside ownership (产权移交 only).

    `from_office` and `to_office` are the offices whose accounts sign; None lets the service find them: an organisation
    signs itself, a person or station of a village by its committee, of a town by its government. `division_code`,
    `site` and `place` say where the things go; what isn't given stays.
    """

    kind: str
    from_party: int
    to_party: int
    reason: str
    basis: str = ""
    rights: tuple[str, ...] = ()
    keeper: int | None = None
    organisation: int | None = None
    due_on: date | None = None
    witness: int | None = None
    site: int | None = None
    place: str = ""
    division_code: str = ""
    from_office: int | None = None
    to_office: int | None = None


class TickDraft(NamedTuple):
    """What was found of one item: a Result, the condition's word, the quantity in thousandths, a remark."""

    result: str
    condition: str = ""
    counted_milli: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph taken on the spot: its content and the name the phone gave it."""

    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Signed:
    """What signing did: the list, whether it was carried out with it, and the vouchers that were posted."""

    handover: Ref
    is_executed: bool
    voucher_ids: tuple[int, ...] = ()
