"""What the verifier compares of operation: contracts with assets and dues, terms, reports, insurance, changes."""

from typing import Any

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.lifecycle.operation.models import (
    Change,
    Changed,
    Charge,
    Claim,
    Contract,
    Covered,
    Edition,
    Insurance,
    Insured,
    ModePeriod,
    Report,
    Settlement,
)

CONTRACT = Protected(
    "contract",
    Contract,
    children=(
        Child(Covered, fk="contract", name="assets", order=("asset_id",)),
        Child(Charge, fk="contract", name="charges"),
    ),
)
EDITION = Protected("contract_edition", Edition, label=("number",))
REPORT = Protected("turnover_report", Report, label=("starts_on",))
SETTLEMENT = Protected("contract_settlement", Settlement, label=("ended_on",))
INSURANCE = Protected(
    "insurance", Insurance, children=(Child(Insured, fk="insurance", name="assets", order=("asset_id",)),)
)
CLAIM = Protected("insurance_claim", Claim, label=("event",))
CHANGE = Protected(
    "operation_change",
    Change,
    children=(Child(Changed, fk="change", name="assets", order=("asset_id",)),),
    label=("reason",),
)
MODE = Protected("mode_period", ModePeriod, label=("mode",))

PROTECTED = (CONTRACT, EDITION, REPORT, SETTLEMENT, INSURANCE, CLAIM, CHANGE, MODE)
_OF = {protected.model: protected for protected in PROTECTED}


def protected_of(row: Any) -> Protected:
    """How a row of this context is protected."""
    return _OF[type(row)]


def document(row: Any) -> dict[str, Any]:
    """A row as it is recorded, with what hangs on it."""
    return protection.document(protected_of(row), row)
