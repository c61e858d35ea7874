"""Reading the register (资产查询): the filter, the list, the ledgers, the card."""

from mingchan.register.assets.queries.documents import PROTECTED
from mingchan.register.assets.queries.filtering import RegisterFilter, from_params, visible_to
from mingchan.register.assets.queries.listing import (
    COUNT_CAP,
    DEFAULT_SORT,
    SORTS,
    Names,
    Page,
    Place,
    Row,
    Totals,
    count,
    every_row,
    names_of,
    rows,
    totals,
)

__all__ = [
    "COUNT_CAP",
    "DEFAULT_SORT",
    "PROTECTED",
    "SORTS",
    "Names",
    "Page",
    "Place",
    "RegisterFilter",
    "Row",
    "Totals",
    "count",
    "every_row",
    "from_params",
    "names_of",
    "rows",
    "totals",
    "visible_to",
]
