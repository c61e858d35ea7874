"""What people fill in about a disposal (草稿): the proposal, an appraisal, the result, a movement of money."""

from datetime import date
from typing import NamedTuple


class ProposalDraft(NamedTuple):
    """The head of a proposal (处置方案). Amounts in fen; `recipient` is a party, `recipient_name` one outside.

    `finding*` is the technical opinion (技术鉴定); `exception` why a well-performing asset is disposed of all the same;
    `loss` and `amount_fen` belong to the write-off of money, `debtor` to whoever owes it.
    """

    kind: str
    reason: str
    proceeds_use: str = ""
    exception: str = ""
    recipient: int | None = None
    recipient_name: str = ""
    finding_by: str = ""
    finding_on: date | None = None
    finding: str = ""
    loss: str = ""
    amount_fen: int = 0
    debtor: str = ""


class AppraisalDraft(NamedTuple):
    """An appraisal (评估): firm, number of the report, method, base date, value in fen; `valid_to` its last day."""

    firm: str
    report_no: str
    method: str
    base_on: date
    value_fen: int
    valid_to: date | None = None


class IncomingDraft(NamedTuple):
    """What came in by a swap (换入资产); its cost follows from the appraisal of what went out."""

    name: str
    class_code: str = ""
    model: str = ""
    unit: str = ""
    quantity_milli: int = 1000
    serial_no: str = ""


class ResultDraft(NamedTuple):
    """How a disposal was carried out (处置结果). Which fields are asked follows from the kind.

    `price_fen` is the price, the sum that evens out a swap, the residual value or the compensation.
    """

    other_party: str = ""
    contract_no: str = ""
    price_fen: int = 0
    house: str = ""
    place: str = ""
    bidders: int = 0
    notice_on: date | None = None
    confirmation_no: str = ""
    handled_by: str = ""
    responsible: str = ""
    note: str = ""
    incoming: IncomingDraft | None = None


class PaperDraft(NamedTuple):
    """An uploaded paper."""

    name: str
    content: bytes
