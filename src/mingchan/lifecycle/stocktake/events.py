"""Facts that stocktakes record (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

_CLAUSES = ("3.4.1", "3.4.3b")
DRAFTED = EventKind("stocktake.plan.drafted", _("拟定盘点方案：%(number)s %(title)s"), _CLAUSES)
CHANGED = EventKind("stocktake.plan.changed", _("修改盘点方案：%(number)s %(title)s"), _CLAUSES)
APPROVED = EventKind("stocktake.plan.approved", _("批准盘点方案：%(number)s，应盘 %(count)s 项"), _CLAUSES)
STARTED = EventKind("stocktake.plan.started", _("开始清点：%(number)s"), _CLAUSES)
COUNTED = EventKind("stocktake.plan.counted", _("清点结束，进入复核：%(number)s"), _CLAUSES)
COMPARED = EventKind("stocktake.plan.compared", _("账实核对：%(number)s，差异 %(count)s 项"), _CLAUSES)
SETTLING = EventKind("stocktake.plan.settling", _("复核完成，处理差异：%(number)s"), _CLAUSES)
REOPENED = EventKind("stocktake.plan.reopened", _("退回复核：%(number)s"), _CLAUSES)
SENT = EventKind("stocktake.plan.sent", _("提请审批盘点结果：%(number)s"), _CLAUSES)
RETURNED = EventKind("stocktake.plan.returned", _("盘点结果未获批准：%(number)s"), _CLAUSES)
CLOSED = EventKind("stocktake.plan.closed", _("盘点办结：%(number)s，账实相符率 %(rate)s"), _CLAUSES)
CANCELLED = EventKind("stocktake.plan.cancelled", _("取消盘点：%(number)s"), _CLAUSES)
TEAM_SET = EventKind("stocktake.member.set", _("盘点分工：%(number)s，%(name)s 为%(role)s"), _CLAUSES)
TASK_MADE = EventKind("stocktake.task.made", _("下达盘点任务：%(number)s，%(count)s 处"), _CLAUSES)
ASSIGNED = EventKind("stocktake.task.assigned", _("指派盘点人：%(number)s，%(name)s"), _CLAUSES)
TAKEN = EventKind("stocktake.event.taken", _("收到盘点记录：%(number)s，%(count)s 条"), _CLAUSES)
DIFFERED = EventKind("stocktake.difference.found", _("盘点差异：%(number)s，%(count)s 项"), _CLAUSES)
LAPSED = EventKind("stocktake.difference.lapsed", _("差异消除：%(number)s，%(count)s 项"), _CLAUSES)
EXPLAINED = EventKind("stocktake.difference.explained", _("保管人说明：%(name)s"), ("2.6.1b", "3.4.1"))
DECIDED = EventKind("stocktake.difference.decided", _("处理盘点差异：%(name)s，%(decision)s"), _CLAUSES)
MOVED = EventKind("stocktake.card.moved", _("按盘点结果变动：%(name)s，依据 %(basis)s"), ("3.4.1", "2.4.1"))
PRINTED = EventKind("stocktake.paper.printed", _("打印%(paper)s：%(number)s"), _CLAUSES)
EXPORTED = EventKind("stocktake.list.exported", _("导出%(paper)s：%(number)s，%(count)s 行"), _CLAUSES)
