"""What the books are told of compensation (赔偿记账): account roles, amounts in fen.

ordered   借 1218 其他应收款                贷 190202 待处理财产损溢-处理净收入
paid      借 1002 银行存款                  贷 1218
closed    借 190202                         贷 2103 应缴财政款 (a village's collective: 531 其他收入)
"""

from mingchan.foundation.ledger.drafts import LineDraft

RECEIVABLE, PROCEEDS, BANK = "OTHER_RECEIVABLE", "PENDING_PROCEEDS", "BANK"
DUE, OWN_INCOME = "DUE_TO_TREASURY", "OTHER_INCOME"


def _pair(debit: str, credit: str, fen: int, subject: str) -> tuple[LineDraft, ...]:
    return (
        LineDraft(account_role=debit, debit_fen=fen, subject=subject),
        LineDraft(account_role=credit, credit_fen=fen, subject=subject),
    )


def ordered(fen: int, subject: str) -> tuple[LineDraft, ...]:
    """Somebody was ordered to pay."""
    return _pair(RECEIVABLE, PROCEEDS, fen, subject)


def paid(fen: int, subject: str) -> tuple[LineDraft, ...]:
    """The money came in."""
    return _pair(BANK, RECEIVABLE, fen, subject)


def closed(fen: int, system: str, subject: str) -> tuple[LineDraft, ...]:
    """The case ends: what came in goes to the treasury, or is the collective's own. Nothing for nothing."""
    return _pair(PROCEEDS, OWN_INCOME if system == "VILLAGE" else DUE, fen, subject) if fen else ()
