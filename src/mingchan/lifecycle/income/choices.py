"""Words of income: kinds of dues, how a due is settled, ages of arrears, states of a settlement."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DueKind(TextChoices):
    """What is due by a contract (应收种类). A deposit is a debt to the operator, never income."""

    RENT = "RENT", _("租金（承包费）")
    SHARE = "SHARE", _("收益分成")
    OTHER = "OTHER", _("其他收入")
    DEPOSIT = "DEPOSIT", _("保证金")


INCOME_KINDS = (DueKind.RENT, DueKind.SHARE, DueKind.OTHER)
"""Kinds that are income and stand on the receivable account."""
POOL_KINDS = (DueKind.RENT, DueKind.SHARE)
"""Kinds whose receipts belong to the holders of the income right and are distributed (2.5a)."""


class EntryKind(TextChoices):
    """How a receivable became smaller (冲减方式), or open again by a release."""

    RECEIPT = "RECEIPT", _("收款")
    CREDIT = "CREDIT", _("预收抵用")
    RELEASE = "RELEASE", _("退款恢复应收")
    REMISSION = "REMISSION", _("减免")
    WRITE_OFF = "WRITE_OFF", _("核销")
    CANCELLATION = "CANCELLATION", _("作废")


PAID = (EntryKind.RECEIPT, EntryKind.CREDIT, EntryKind.RELEASE)
"""Entries of money, each with its receipt."""
REDUCED = (EntryKind.REMISSION, EntryKind.WRITE_OFF)
"""Entries of a finished case."""


class Standing(TextChoices):
    """How a receivable stands on a day (收缴状态)."""

    PAID = "PAID", _("已收清")
    PARTLY = "PARTLY", _("部分收款")
    OPEN = "OPEN", _("未到期")
    OVERDUE = "OVERDUE", _("欠收")
    CANCELLED = "CANCELLED", _("已作废")


class Age(TextChoices):
    """Days past the due day (账龄), each step to its last day."""

    NOT_DUE = "NOT_DUE", _("未到期")
    D30 = "D30", _("1–30 天")
    D90 = "D90", _("31–90 天")
    D180 = "D180", _("91–180 天")
    D365 = "D365", _("181–365 天")
    OVER = "OVER", _("一年以上")


class RemissionKind(TextChoices):
    """Giving a due up (减免核销): as a relief, or because it can't be had."""

    REMISSION = "REMISSION", _("减免")
    WRITE_OFF = "WRITE_OFF", _("核销")


class RefundKind(TextChoices):
    """Money that goes back (退款): unused credit, a deposit, or a payment the bank returned."""

    CREDIT = "CREDIT", _("退还预收款")
    DEPOSIT = "DEPOSIT", _("退还保证金")
    RETURNED = "RETURNED", _("退票或误登冲回")


class Delivery(TextChoices):
    """How a reminder reached the operator (送达方式)."""

    IN_PERSON = "IN_PERSON", _("直接送达")
    POST = "POST", _("邮寄")
    PHONE = "PHONE", _("电话告知")
    MESSAGE = "MESSAGE", _("短信、微信")


class SettlementState(TextChoices):
    """State of a year's settlement (清算状态)."""

    PREPARED = "PREPARED", _("已编制")
    CONFIRMED = "CONFIRMED", _("县工信局已确认")
    CLOSED = "CLOSED", _("已清算")


class LineState(TextChoices):
    """State of a line of a bank statement (对账单行状态)."""

    WAITING = "WAITING", _("待认领")
    RECORDED = "RECORDED", _("已登记收款")
    SET_ASIDE = "SET_ASIDE", _("非本业务")


EXPORT_MOST = 200_000
"""Rows of one workbook."""
