"""What the books are told of repairs (记账): account roles and subjects, never account codes.

Daily repair: 借 业务活动费用（村账 其他支出） 贷 银行存款或应付账款.
What is added to an asset's cost is posted by `assets`.
"""

from mingchan.foundation.ledger.drafts import LineDraft

EXPENSE, BANK, PAYABLE = "OPERATING_EXPENSE", "BANK", "PAYABLE"


def source_of_money(payment: str) -> str:
    """The role that a cost is credited to: paid at once from the bank, or owed to who did the work."""
    return BANK if payment == "PAID" else PAYABLE


def expense(asset_id: int, order_id: int, fen: int, payment: str) -> tuple[LineDraft, ...]:
    """Two lines for a repair that keeps an asset as it is. None when it cost nothing."""
    if fen == 0:
        return ()
    return (
        LineDraft(account_role=EXPENSE, debit_fen=fen, subject=f"asset:{asset_id}"),
        LineDraft(account_role=source_of_money(payment), credit_fen=fen, subject=f"maintenance_order:{order_id}"),
    )


def paid(order_id: int, fen: int) -> tuple[LineDraft, ...]:
    """What was owed for a repair is paid: 借 应付账款 贷 银行存款."""
    subject = f"maintenance_order:{order_id}"
    return (
        LineDraft(account_role=PAYABLE, debit_fen=fen, subject=subject),
        LineDraft(account_role=BANK, credit_fen=fen, subject=subject),
    )
