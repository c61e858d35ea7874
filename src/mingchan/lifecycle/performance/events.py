"""Facts that performance records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

_CLAUSES = ("2.4.2d",)
GOAL_SET = EventKind("performance.goal.set", _("设定绩效目标：%(name)s，%(year)s 年 %(goal)s"), _CLAUSES)
GOAL_MET = EventKind("performance.goal.reported", _("登记绩效完成数：%(name)s，%(year)s 年 %(goal)s"), _CLAUSES)
COMMISSIONED = EventKind(
    "performance.evaluation.commissioned", _("委托第三方评价：%(name)s，%(year)s 年，%(evaluator)s"), _CLAUSES
)
SCORED = EventKind("performance.evaluation.scored", _("评分：%(name)s，%(year)s 年"), _CLAUSES)
VISITED = EventKind("performance.visit.noted", _("现场核查：%(name)s，%(place)s"), _CLAUSES)
SUBMITTED = EventKind("performance.evaluation.submitted", _("提交评价结果：%(name)s，%(year)s 年"), _CLAUSES)
RETURNED = EventKind("performance.evaluation.returned", _("退回评价结果：%(name)s，%(year)s 年"), _CLAUSES)
ANNOUNCED = EventKind("performance.evaluation.announced", _("告知评价结果：%(name)s，%(year)s 年"), _CLAUSES)
APPEALED = EventKind("performance.appeal.raised", _("被评价方申诉：%(name)s，%(year)s 年"), ("2.4.2d", "1.2b"))
APPEAL_ANSWERED = EventKind("performance.appeal.answered", _("答复申诉：%(name)s，%(outcome)s"), ("2.4.2d", "1.2b"))
SENT = EventKind("performance.evaluation.sent", _("提请确认评价结果：%(name)s，%(year)s 年"), _CLAUSES)
CONFIRMED = EventKind(
    "performance.evaluation.confirmed", _("确认评价结果：%(name)s，%(year)s 年，%(grade)s"), ("2.4.2d", "3.4.2")
)
REOPENED = EventKind("performance.evaluation.reopened", _("重新评价：%(name)s，%(year)s 年"), _CLAUSES)
CANCELLED = EventKind("performance.evaluation.cancelled", _("撤销评价：%(name)s，%(year)s 年"), _CLAUSES)
FIX_ORDERED = EventKind("performance.fix.ordered", _("下达整改：%(name)s，期限 %(due_on)s"), ("2.4.2d", "4.2"))
FIX_CHANGED = EventKind("performance.fix.changed", _("整改：%(name)s，%(step)s"), ("2.4.2d", "4.2"))
EXPORTED = EventKind("performance.list.exported", _("导出评价结果 %(count)s 行"), _CLAUSES)
