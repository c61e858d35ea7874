"""What a context hands to the books: a voucher and its lines before they are posted (记账凭证草稿)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mingchan.kernel.refs import Ref


class LineDraft(NamedTuple):
    """One line (分录). Names its account by role (`ASSET_COST.GENERAL`) or by code; one amount (fen) is not zero.

    `subject` says which object the money is about, as text of a Ref (`asset:123`); empty when it is about none.
    """

    account_role: str = ""
    account_code: str = ""
    debit_fen: int = 0
    credit_fen: int = 0
    subject: str = ""
    summary: str = ""


class VoucherDraft(NamedTuple):
    """A voucher to be posted (记账凭证).

    `day` decides the accounting month; `source` names the document or act it rests on; `key` makes posting the same
    fact twice harmless (source kind + id + step); `division` is the division for the record, else the book's own.
    `budget` are the lines of the budget side (预算会计) where cash of the unit's own budget moved; they become a
    voucher of their own beside this one in a government book, and nothing in a village's, which has no such side.
    """

    book_id: int
    day: date
    summary: str
    lines: Sequence[LineDraft]
    source: Ref
    key: str
    division: str = ""
    budget: Sequence[LineDraft] = ()


class BookDraft(NamedTuple):
    """A book to be opened (建账): its owner, its name, the division it belongs to and its accounting system."""

    owner_id: int
    name: str
    division_code: str
    system: str = "GOVERNMENT"
    is_sample: bool = False
