"""Reading tracing (追溯查询): shares of a payment and of an asset, what is open, differences, the flow of money."""

from mingchan.register.tracing.queries.differences import (
    CardFilter,
    CardRow,
    PaymentRow,
    candidates,
    card_rows,
    mismatched,
    payment_rows,
    totals,
)
from mingchan.register.tracing.queries.documents import PROTECTED
from mingchan.register.tracing.queries.flowing import Flow, flows, mixed_parts
from mingchan.register.tracing.queries.holding import holds_on_assets, holds_on_uses
from mingchan.register.tracing.queries.matching import Agreement, agreements
from mingchan.register.tracing.queries.opening import open_assets, open_uses, proposals
from mingchan.register.tracing.queries.shares import (
    linked_of_asset,
    linked_of_use,
    open_of_use,
    share,
    shares_of_asset,
    shares_of_use,
)

__all__ = [
    "PROTECTED",
    "Agreement",
    "CardFilter",
    "CardRow",
    "Flow",
    "PaymentRow",
    "agreements",
    "candidates",
    "card_rows",
    "flows",
    "holds_on_assets",
    "holds_on_uses",
    "linked_of_asset",
    "linked_of_use",
    "mismatched",
    "mixed_parts",
    "open_assets",
    "open_of_use",
    "open_uses",
    "payment_rows",
    "proposals",
    "share",
    "shares_of_asset",
    "shares_of_use",
    "totals",
]
