"""The rows of the books as the log keeps them (留痕文档): what is protected, and one document for each."""

from collections.abc import Sequence
from typing import Any

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.foundation.ledger.models import Account, AccountRole, Book, Period, Voucher

BOOK = Protected(
    kind="book",
    model=Book,
    children=(
        Child(model=Account, fk="book", name="accounts"),
        Child(model=AccountRole, fk="book", name="roles"),
    ),
)
PERIOD = Protected(kind="period", model=Period, label=("month",))
VOUCHER = Protected(kind="voucher", model=Voucher)
"""A voucher vouches for its lines by `lines_digest` and names them by `line_marks`; `checks.faults` recomputes both."""

PROTECTED = (BOOK, PERIOD, VOUCHER)


def book_opened(book: Book, accounts: Sequence[Sequence[Any]], roles: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Document of a new book from the tuples that were written, in the order of the models' fields."""
    return protection.document(
        BOOK,
        {name: getattr(book, name) for name in protection.document_names(Book)}
        | {
            "accounts": [dict(zip(protection.document_names(Account), row, strict=True)) for row in accounts],
            "roles": [dict(zip(protection.document_names(AccountRole), row, strict=True)) for row in roles],
        },
    )


def of_voucher(voucher: Voucher) -> dict[str, Any]:
    """Document of a voucher."""
    return protection.document(VOUCHER, voucher)


def of_period(period: Period) -> dict[str, Any]:
    """Document of a period."""
    return protection.document(PERIOD, period)
