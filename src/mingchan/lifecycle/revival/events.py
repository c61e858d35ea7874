"""Facts that revival records (盘活事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

_IDLE, _CHANGE = ("2.6.2",), ("2.6.2", "2.4.2b")

ENTERED = EventKind("revival.pool.entered", _("进入闲置资产池"), _IDLE)
REASONED = EventKind("revival.pool.reasoned", _("闲置资产池中的事由变化"), _IDLE)
LEFT = EventKind("revival.pool.left", _("移出闲置资产池：入池事由已消失"), _IDLE)
PROPOSED = EventKind("revival.measure.proposed", _("提出盘活措施 %(number)s：%(kind)s，资产 %(count)s 项"), _CHANGE)
DECIDED = EventKind("revival.measure.decided", _("盘活措施 %(number)s 审批办结：%(outcome)s"), ("2.6.2", "2.4.2c"))
BEGUN = EventKind("revival.measure.begun", _("落实盘活措施 %(number)s：%(step)s"), _CHANGE)
DONE = EventKind("revival.measure.done", _("盘活措施 %(number)s 已落实"), _IDLE)
STOPPED = EventKind("revival.measure.stopped", _("终止盘活措施 %(number)s"), _IDLE)
REVIEWED = EventKind("revival.effect.reviewed", _("评价盘活成效：%(number)s，%(days)s 天，%(outcome)s"), _IDLE)
