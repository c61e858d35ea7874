"""Reading contracts (经营查询): the list, one contract, what is owed, what rests on assets, what is to be published."""

from mingchan.lifecycle.operation.queries import listing, showing
from mingchan.lifecycle.operation.queries.documents import PROTECTED
from mingchan.lifecycle.operation.queries.dues import Due, dues
from mingchan.lifecycle.operation.queries.holding import holds_on_assets
from mingchan.lifecycle.operation.queries.listing import ContractFilter, ContractRow, watches
from mingchan.lifecycle.operation.queries.packs import Mode, grade_of, mode_label, modes
from mingchan.lifecycle.operation.queries.publishing import publication
from mingchan.lifecycle.operation.queries.reports import Reporting, edition_on, reporting
from mingchan.lifecycle.operation.queries.showing import contract

__all__ = [
    "PROTECTED",
    "ContractFilter",
    "ContractRow",
    "Due",
    "Mode",
    "Reporting",
    "contract",
    "dues",
    "edition_on",
    "grade_of",
    "holds_on_assets",
    "listing",
    "mode_label",
    "modes",
    "publication",
    "reporting",
    "showing",
    "watches",
]
