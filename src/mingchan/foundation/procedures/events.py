"""Facts that procedures record (审批事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

DEFINED = EventKind("procedures.definition.added", _("启用审批流程“%(name)s”第 %(number)s 版"), ("2.4.2c", "4.2"))
STARTED = EventKind("procedures.case.started", _("提交事项“%(title)s”"), ("2.4.2b", "2.4.2c"))
OPENED = EventKind("procedures.task.opened", _("“%(title)s”到达“%(step)s”"), ("2.4.2c",))
DECIDED = EventKind("procedures.task.decided", _("办理“%(title)s”的%(step)s：%(answer)s"), ("2.4.2c", "3.4.3a"))
WOKEN = EventKind("procedures.case.woken", _("“%(title)s”：%(step)s已完成"), ("2.4.2c", "3.4.3a"))
VOIDED = EventKind("procedures.task.voided", _("“%(title)s”：%(step)s作废"), ("2.4.2c",))
PAPER_ADDED = EventKind("procedures.paper.added", _("“%(title)s”增加材料：%(paper)s"), ("2.4.2c",))
AMENDED = EventKind("procedures.case.amended", _("修改事项“%(title)s”的内容，此前意见作废"), ("2.4.2c",))
ENDED = EventKind("procedures.case.ended", _("事项“%(title)s”办结：%(outcome)s"), ("2.4.2b", "2.4.2c"))
DELEGATED = EventKind("procedures.delegation.given", _("%(from)s委托%(to)s代为办理"), ("4.1",))
DELEGATION_ENDED = EventKind("procedures.delegation.ended", _("结束%(from)s对%(to)s的委托"), ("4.1",))
DAY_SET = EventKind("procedures.day.set", _("将 %(day)s 设为%(what)s"), ("4.2",))
TABLE_ADDED = EventKind("procedures.table.added", _("启用决策表“%(name)s”第 %(number)s 版"), ("2.4.2c", "4.2"))
REMINDED = EventKind("procedures.task.reminded", _("“%(title)s”的%(step)s：%(what)s，告知%(role)s"), ("4.2",))
COPIED = EventKind("procedures.case.copied", _("“%(title)s”抄送%(office)s%(name)s"), ("2.4.2c", "4.1"))
COPY_READ = EventKind("procedures.copy.read", _("%(name)s已阅“%(title)s”"), ("2.4.2c", "4.1"))
