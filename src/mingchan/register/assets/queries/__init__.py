"""Reading the register (资产查询): the filter, the list, the ledgers, the card."""

from mingchan.register.assets.queries import choosing
from mingchan.register.assets.queries.cards import card, cards
from mingchan.register.assets.queries.documents import PROTECTED
from mingchan.register.assets.queries.filtering import RegisterFilter, asked, from_params, visible_to
from mingchan.register.assets.queries.ledgers import against_ledger, differences, figures
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
    names_by_key,
    names_of,
    rows,
    rows_by_site,
    rows_of,
    totals,
)
from mingchan.register.assets.queries.plans import declared_filters, declared_queries

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
    "against_ledger",
    "asked",
    "card",
    "cards",
    "choosing",
    "count",
    "declared_filters",
    "declared_queries",
    "differences",
    "every_row",
    "figures",
    "from_params",
    "names_by_key",
    "names_of",
    "rows",
    "rows_by_site",
    "rows_of",
    "totals",
    "visible_to",
]
