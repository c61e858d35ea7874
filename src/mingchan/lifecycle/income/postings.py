"""What the books are told of income (记账): account roles and subjects, never codes.

In the bureau's book rent due goes to the treasury: 借 1212 应收账款 贷 2103 应缴财政款. In a village's book it is the
village's own income: 借 112 应收款 贷 511 发包及上交收入. Deposits are debts (其他应付款), what is overpaid is an
advance (预收账款).
"""

from collections.abc import Iterable, Mapping

from mingchan.foundation.ledger.drafts import LineDraft

RECEIVABLE = "RENT_RECEIVABLE"
EARNED = "RENT_EARNED"
"""Where a due goes: 应缴财政款, in village books 发包及上交收入."""
GIVEN_UP = "RENT_GIVEN_UP"
"""What a due is taken from when it is given up: 应缴财政款, in village books 其他支出."""
ADVANCE = "RENT_IN_ADVANCE"
DEPOSIT = "DEPOSIT_WITHHELD"
BANK = "BANK"
TREASURY = "DUE_TO_TREASURY"


def subject(receivable: int) -> str:
    """A receivable as lines name it."""
    return f"receivable:{receivable}"


def billed(rows: Iterable[tuple[int, int]]) -> list[LineDraft]:
    """Dues (id, fen) become receivables: 借 应收账款 贷 应缴财政款, for each its own lines."""
    lines = []
    for key, fen in rows:
        lines.append(LineDraft(account_role=RECEIVABLE, debit_fen=fen, subject=subject(key)))
        lines.append(LineDraft(account_role=EARNED, credit_fen=fen, subject=subject(key)))
    return lines


def received(receipt: int, fen: int, income: Mapping[int, int], deposits: Mapping[int, int]) -> list[LineDraft]:
    """Money that came in: 借 银行存款 贷 应收账款、其他应付款（保证金）, the rest 贷 预收账款."""
    about = f"receipt:{receipt}"
    lines = [LineDraft(account_role=BANK, debit_fen=fen, subject=about)]
    lines += [LineDraft(account_role=RECEIVABLE, credit_fen=part, subject=subject(key)) for key, part in income.items()]
    lines += [LineDraft(account_role=DEPOSIT, credit_fen=part, subject=subject(key)) for key, part in deposits.items()]
    left = fen - sum(income.values()) - sum(deposits.values())
    if left:
        lines.append(LineDraft(account_role=ADVANCE, credit_fen=left, subject=about))
    return lines


def used(receipt: int, income: Mapping[int, int], deposits: Mapping[int, int]) -> list[LineDraft]:
    """Credit is used: 借 预收账款 贷 应收账款、其他应付款."""
    lines = received(receipt, sum(income.values()) + sum(deposits.values()), income, deposits)
    return [lines[0]._replace(account_role=ADVANCE), *lines[1:]]


def paid_back(receipt: int, fen: int) -> list[LineDraft]:
    """Credit goes back to the payer: 借 预收账款 贷 银行存款."""
    about = f"receipt:{receipt}"
    return [
        LineDraft(account_role=ADVANCE, debit_fen=fen, subject=about),
        LineDraft(account_role=BANK, credit_fen=fen, subject=about),
    ]


def deposit_returned(receivable: int, receipt: int, fen: int) -> list[LineDraft]:
    """A deposit goes back: 借 其他应付款 贷 银行存款."""
    return [
        LineDraft(account_role=DEPOSIT, debit_fen=fen, subject=subject(receivable)),
        LineDraft(account_role=BANK, credit_fen=fen, subject=f"receipt:{receipt}"),
    ]


def given_up(receivable: int, fen: int) -> list[LineDraft]:
    """A due is given up by a finished case: 借 应缴财政款（村账 其他支出） 贷 应收账款."""
    return [
        LineDraft(account_role=GIVEN_UP, debit_fen=fen, subject=subject(receivable)),
        LineDraft(account_role=RECEIVABLE, credit_fen=fen, subject=subject(receivable)),
    ]


def remitted(remittance: int, fen: int) -> list[LineDraft]:
    """Income goes to the treasury: 借 应缴财政款 贷 银行存款."""
    about = f"remittance:{remittance}"
    return [
        LineDraft(account_role=TREASURY, debit_fen=fen, subject=about),
        LineDraft(account_role=BANK, credit_fen=fen, subject=about),
    ]
