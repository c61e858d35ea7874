"""What the books are told about distribution (记账): account roles and subjects, never account codes (domain 3.4, 3.5).

A village's book carries the distribution on 322 收益分配 and what households are owed on 202 应付款; the bureau's book
on 5001 业务活动费用 and 2307 其他应付款. Money leaves by the bank; cash for signatures is drawn from it.
When it leaves the bureau's bank or comes back, the budget side is told: 借 7101 行政支出 贷 8001 资金结存. What is only
owed isn't told there, nor income that goes through to the treasury (lifecycle/income), which never was its own.
"""

from mingchan.foundation.ledger.drafts import LineDraft

VILLAGE = "VILLAGE"
_ROLES = {
    VILLAGE: ("SURPLUS", "PAYABLE"),
    "GOVERNMENT": ("OPERATING_EXPENSE", "DEPOSIT_WITHHELD"),
}


def _pair(debit: str, credit: str, fen: int, subject: str, summary: str) -> tuple[LineDraft, ...]:
    return (
        LineDraft(account_role=debit, debit_fen=fen, subject=subject, summary=summary),
        LineDraft(account_role=credit, credit_fen=fen, subject=subject, summary=summary),
    )


def owed(system: str, fen: int, subject: str, summary: str = "") -> tuple[LineDraft, ...]:
    """A list of payments is made: 借 322 收益分配 贷 202 应付款 (in the bureau's book 借 5001 贷 2307)."""
    distribution, payable = _ROLES[system]
    return _pair(distribution, payable, fen, subject, summary)


def paid(system: str, fen: int, subject: str, summary: str = "") -> tuple[LineDraft, ...]:
    """Households have their money: 借 202 应付款 贷 102 银行存款 (借 2307 贷 1002)."""
    return _pair(_ROLES[system][1], "BANK", fen, subject, summary)


def returned(system: str, fen: int, subject: str, summary: str = "") -> tuple[LineDraft, ...]:
    """The bank sent a payment back: 借 102 银行存款 贷 202 应付款; the household is owed it again."""
    return _pair("BANK", _ROLES[system][1], fen, subject, summary)


def spent(system: str, fen: int, subject: str, summary: str = "") -> tuple[LineDraft, ...]:
    """A use's money is spent: 借 322 收益分配 贷 102 银行存款 (借 5001 贷 1002)."""
    return _pair(_ROLES[system][0], "BANK", fen, subject, summary)


def budget_spent(fen: int, subject: str, summary: str = "") -> tuple[LineDraft, ...]:
    """The budget side of money that left the bureau's bank: 借 7101 行政支出 贷 8001 资金结存."""
    return _pair("BUDGET_EXPENSE", "BUDGET_FUNDS", fen, subject, summary)


def budget_returned(fen: int, subject: str, summary: str = "") -> tuple[LineDraft, ...]:
    """The budget side of money that came back: 借 8001 贷 7101."""
    return _pair("BUDGET_FUNDS", "BUDGET_EXPENSE", fen, subject, summary)
