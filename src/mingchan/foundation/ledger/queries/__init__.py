"""Reading the books (账簿查询): who sees which, lists, balances, ledgers, the journal, and the checks on themselves."""

from mingchan.foundation.ledger.queries.balances import (
    SideBalance,
    TrialBalance,
    account_by_book,
    account_ledger,
    balance_of_role,
    balances_by_subject_sum,
    general_ledger,
    lines_of_subject,
    opening_of,
    trial_balance,
)
from mingchan.foundation.ledger.queries.checks import Fault, faults
from mingchan.foundation.ledger.queries.documents import PROTECTED
from mingchan.foundation.ledger.queries.journal import hledger_journal
from mingchan.foundation.ledger.queries.listing import (
    VoucherFilter,
    account_sums,
    lines,
    of_source,
    parents,
    totals,
    voucher,
    vouchers,
)
from mingchan.foundation.ledger.queries.months import due_to_close, last_month, month_text, months_of
from mingchan.foundation.ledger.queries.scope import account, book, books, visible_to

__all__ = [
    "PROTECTED",
    "Fault",
    "SideBalance",
    "TrialBalance",
    "VoucherFilter",
    "account",
    "account_by_book",
    "account_ledger",
    "account_sums",
    "balance_of_role",
    "balances_by_subject_sum",
    "book",
    "books",
    "due_to_close",
    "faults",
    "general_ledger",
    "hledger_journal",
    "last_month",
    "lines",
    "lines_of_subject",
    "month_text",
    "months_of",
    "of_source",
    "opening_of",
    "parents",
    "totals",
    "trial_balance",
    "visible_to",
    "voucher",
    "vouchers",
]
