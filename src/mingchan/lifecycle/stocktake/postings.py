"""What the books are told of stocktakes (盘点记账), by account roles (3.4.1).

found, with its appraisal    借 1601 固定资产          贷 1902 待处理财产损溢
approved, of earlier years   借 1902 待处理财产损溢    贷 3501 以前年度盈余调整, in village books 公积公益金
approved, of this year       借 1902 待处理财产损溢    贷 4001 财政拨款收入, as a thing newly got
"""

from mingchan.foundation.ledger.drafts import LineDraft

PENDING = "PENDING_VALUE"
"""The counter-account of what was found until it is approved."""
EARLIER = "EARLIER_YEARS"
THIS_YEAR = "PROJECT_MONEY"


def approved(asset_id: int, fen: int, *, is_this_year: bool) -> tuple[LineDraft, ...]:
    """What was found is approved: it leaves the pending account for the year it belongs to. None without value."""
    if fen == 0:
        return ()
    subject = f"asset:{asset_id}"
    return (
        LineDraft(account_role=PENDING, debit_fen=fen, subject=subject),
        LineDraft(account_role=THIS_YEAR if is_this_year else EARLIER, credit_fen=fen, subject=subject),
    )
