"""Facts that income records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

BILLED = EventKind(
    "income.receivable.issued", _("开具应收：应缴日截至 %(until)s，共 %(count)s 笔，%(fen)s 元"), ("2.5a",)
)
BILLING = EventKind("income.billing.done", _("批量开具应收 %(count)s 笔，%(fen)s 元"), ("2.5a",))
CANCELLED = EventKind("income.receivable.cancelled", _("作废%(number)s：%(reason)s"), ("2.5a",))
CANCELLATION = EventKind("income.cancellation.noted", _("登记作废：%(number)s，%(reason)s"), ("2.5a",))
RECEIVED = EventKind(
    "income.receipt.recorded", _("登记收款：%(payer)s %(fen)s 元，凭证 %(voucher)s"), ("2.5a", "2.6.3")
)
SETTLED = EventKind("income.entry.made", _("冲减%(number)s：%(kind)s %(fen)s 元"), ("2.5a",))
REFUNDED = EventKind("income.refund.paid", _("退款：%(number)s %(fen)s 元，%(reason)s"), ("2.5a",))
RETURNED = EventKind("income.receipt.returned", _("冲回收款%(number)s：%(reason)s"), ("2.5a",))
REMITTED = EventKind("income.remittance.made", _("上缴国库：%(number)s %(fen)s 元，缴款书 %(voucher)s"), ("2.6.3",))
REMINDED = EventKind("income.reminder.issued", _("开具催缴单：%(number)s %(operator)s %(fen)s 元"), ("2.5a",))
DELIVERED = EventKind("income.reminder.delivered", _("催缴单%(number)s送达：%(how)s"), ("2.5a",))
REMINDER_PRINTED = EventKind("income.reminder.printed", _("打印催缴单：%(number)s"), ("2.5a",))
ASKED = EventKind("income.remission.asked", _("申请减免核销：%(number)s %(fen)s 元"), ("2.5a", "4.1"))
PREPARED = EventKind("income.settlement.prepared", _("编制 %(year)s 年收益清算：%(count)s 行"), ("3.4.3b",))
CONFIRMED = EventKind("income.settlement.confirmed", _("确认 %(year)s 年收益清算"), ("3.4.3b",))
CLOSED = EventKind("income.settlement.closed", _("会签 %(year)s 年收益清算"), ("3.4.3b", "4.1"))
REOPENED = EventKind("income.settlement.reopened", _("退回 %(year)s 年收益清算：%(reason)s"), ("3.4.3b",))
STATEMENT = EventKind("income.statement.imported", _("导入银行对账单 %(count)s 行"), ("2.5a",))
CLAIMED = EventKind("income.statement.settled", _("处理对账单行 %(reference)s"), ("2.5a",))
EXPORTED = EventKind("income.list.exported", _("导出%(list)s %(count)s 行"), ("2.5a",))
