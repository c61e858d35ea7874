"""Services of the books (账务服务): open and complete a book, post, reverse, close and reopen a month."""

from mingchan.foundation.ledger.services.completing import complete_books
from mingchan.foundation.ledger.services.opening import ensure_book, ensure_books
from mingchan.foundation.ledger.services.periods import (
    ask_to_reopen,
    close_period,
    close_through,
    reopen_period,
    reopened_by,
)
from mingchan.foundation.ledger.services.posting import post, reverse
from mingchan.foundation.ledger.services.yearly import close_year

__all__ = [
    "ask_to_reopen",
    "close_period",
    "close_through",
    "close_year",
    "complete_books",
    "ensure_book",
    "ensure_books",
    "post",
    "reopen_period",
    "reopened_by",
    "reverse",
]
