"""Facts that disposal records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

DRAFTED = EventKind("disposal.plan.drafted", _("拟定处置方案 %(number)s：%(title)s"), ("3.4.3a", "3.4.3c"))
CHANGED = EventKind("disposal.plan.changed", _("修改处置方案 %(number)s"), ("3.4.3a",))
LISTED = EventKind("disposal.item.listed", _("将“%(name)s”列入处置方案 %(number)s"), ("3.4.3a",))
REMOVED = EventKind("disposal.item.removed", _("从处置方案 %(number)s 去掉“%(name)s”"), ("3.4.3a",))
PAPER_ADDED = EventKind("disposal.paper.added", _("处置方案 %(number)s 附上材料：%(paper)s"), ("2.6.3", "3.4.3a"))
SUBMITTED = EventKind("disposal.plan.submitted", _("提交处置方案 %(number)s 联审"), ("3.4.3a", "3.4.3c"))
AMENDED = EventKind("disposal.plan.amended", _("处置方案 %(number)s 有重大修改，重新送审"), ("3.4.3a",))
APPRAISED = EventKind(
    "disposal.value.appraised", _("登记资产评估：%(firm)s %(report)s，%(value)s 元"), ("2.6.3", "3.4.3b")
)
APPRAISAL_REPLACED = EventKind("disposal.value.replaced", _("资产评估 %(report)s 不再采用"), ("2.6.3",))
MOVED = EventKind("disposal.plan.moved", _("处置方案 %(number)s：%(state)s"), ("3.4.3a",))
PRICE_ASKED = EventKind(
    "disposal.price.asked", _("处置方案 %(number)s 以 %(price)s 元成交，报请再批复"), ("2.6.3", "3.4.3c")
)
PRICE_ALLOWED = EventKind("disposal.price.allowed", _("处置方案 %(number)s 的成交价 %(price)s 元已获批复"), ("2.6.3",))
EXECUTED = EventKind(
    "disposal.plan.executed", _("处置方案 %(number)s 已实施：%(kind)s，%(count)s 项"), ("2.6.3", "3.4.3a")
)
RESULT = EventKind("disposal.result.recorded", _("登记处置结果：%(number)s"), ("2.6.3", "3.4.3a"))
LEFT = EventKind("disposal.asset.left", _("处置“%(name)s”，销账，依据 %(basis)s"), ("2.6.3", "3.4.3c"))
TRANSFERRED = EventKind("disposal.asset.transferred", _("无偿调拨“%(name)s”，依据 %(basis)s"), ("3.4.3c",))
MONEY = EventKind("disposal.money.moved", _("处置方案 %(number)s %(what)s %(amount)s 元"), ("2.6.3",))
CLOSED = EventKind("disposal.account.closed", _("处置方案 %(number)s 收支结清，应缴财政 %(amount)s 元"), ("2.6.3",))
PRINTED = EventKind("disposal.paper.printed", _("打印%(form)s：%(number)s"), ("3.4.3a",))
