"""Facts that inspections and repairs record (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

_KEEP = ("2.6.1b", "3.4.1")
PLANNED = EventKind("maintenance.rhythm.set", _("安排每 %(days)s 天巡查“%(site)s”"), _KEEP)
STOPPED = EventKind("maintenance.rhythm.ended", _("停止巡查“%(site)s”"), _KEEP)
DUE = EventKind("maintenance.round.planned", _("列入“%(site)s”第 %(number)s 次巡查"), _KEEP)
TAKEN = EventKind("maintenance.event.taken", _("收到“%(site)s”巡查记录 %(count)s 条"), _KEEP)
CLOSED = EventKind(
    "maintenance.round.closed",
    _("办结“%(site)s”第 %(number)s 次巡查：正常 %(sound)s 项、故障 %(faulty)s 项、未找到 %(missing)s 项"),
    _KEEP,
)
DROPPED = EventKind("maintenance.round.dropped", _("取消“%(site)s”第 %(number)s 次巡查"), _KEEP)
STATE_FOUND = EventKind("maintenance.asset.state", _("“%(name)s”等 %(count)s 项的使用状况变动，依据%(basis)s"), _KEEP)
REPORTED = EventKind("maintenance.order.reported", _("报修“%(name)s”，维修单 %(number)s"), _KEEP)
ASSIGNED = EventKind("maintenance.order.assigned", _("维修单 %(number)s 派工：%(supplier)s"), ("2.6.1b",))
REPAIRED = EventKind("maintenance.order.repaired", _("维修单 %(number)s 报完工"), ("2.6.1b",))
SENT_BACK = EventKind("maintenance.order.returned", _("维修单 %(number)s 退回返修"), ("2.6.1b",))
ACCEPTED = EventKind("maintenance.order.accepted", _("验收维修单 %(number)s，费用%(treatment)s"), ("2.6.1b", "2.5a"))
DECLINED = EventKind("maintenance.order.declined", _("维修单 %(number)s 不予维修"), ("2.6.1b",))
PAID = EventKind("maintenance.order.paid", _("支付维修单 %(number)s 欠款"), ("2.6.1b",))
CLAIMED = EventKind("maintenance.order.claimed", _("维修单 %(number)s 关联保险理赔"), ("2.4.2e",))
PRINTED = EventKind("maintenance.order.printed", _("打印维修单 %(number)s"), ("2.6.1b",))
WARRANTED = EventKind("maintenance.warranty.noted", _("登记“%(name)s”保修至 %(day)s"), ("2.6.1b",))
WARRANTY_ENDED = EventKind("maintenance.warranty.ended", _("提前终止“%(name)s”的保修"), ("2.6.1b",))
