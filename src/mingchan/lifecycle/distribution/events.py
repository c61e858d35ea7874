"""Facts that distribution records (事件). None of them repeats a number of a person or an account."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

ROSTER_READ = EventKind("distribution.roster.read", _("读取受益户名册《%(file)s》"), ("2.5a",))
ROSTER_APPLIED = EventKind(
    "distribution.roster.applied",
    _("受益户名册《%(file)s》入册：新增 %(added)s 户，变更 %(changed)s 户，退出 %(left)s 户"),
    ("2.5a", "1.2b"),
)
ROSTER_DISCARDED = EventKind("distribution.roster.discarded", _("放弃受益户名册《%(file)s》"), ("2.5a",))
HOUSEHOLD_ENTERED = EventKind("distribution.household.entered", _("登记受益户（名册《%(file)s》）"), ("2.5a", "1.2b"))
HOUSEHOLD_CHANGED = EventKind("distribution.household.changed", _("变更受益户（名册《%(file)s》）"), ("2.5a", "1.2b"))
HOUSEHOLD_LEFT = EventKind("distribution.household.left", _("受益户退出：%(reason)s"), ("2.5a", "1.2b"))
REVEALED = EventKind("distribution.personal.revealed", _("查看受益户的完整%(field)s"), ("1.2b",), "personal")
BANK_FILE = EventKind(
    "distribution.personal.exported",
    _("导出银行代发文件：%(plan)s，%(count)s 户，含完整账号"),
    ("1.2b", "2.5a"),
    "personal",
)
LIST_PRINTED = EventKind("distribution.list.printed", _("打印%(paper)s：%(plan)s"), ("2.5a",))
POLICY_MADE = EventKind("distribution.policy.made", _("拟定分配办法“%(title)s”第 %(version)s 版"), ("2.5b",))
POLICY_FILED = EventKind("distribution.policy.filed", _("分配办法“%(title)s”备案：%(number)s"), ("2.5b",))
POLICY_DROPPED = EventKind("distribution.policy.dropped", _("作废分配办法“%(title)s”"), ("2.5b",))
PLAN_DRAFTED = EventKind(
    "distribution.plan.drafted", _("拟定分配方案“%(title)s”，可分配收益 %(pool)s 元"), ("2.5a", "2.5b")
)
PLAN_REDRAFTED = EventKind(
    "distribution.plan.redrafted", _("重新拟定分配方案“%(title)s”，第 %(round)s 轮"), ("2.5a", "2.5b")
)
PLAN_PROPOSED = EventKind("distribution.plan.proposed", _("分配方案“%(title)s”提交民主决策"), ("2.4.2c", "2.5b"))
PLAN_FILED = EventKind("distribution.plan.filed", _("分配方案“%(title)s”报财政备案：%(number)s"), ("2.5b",))
PLAN_ENDED = EventKind("distribution.plan.ended", _("分配方案“%(title)s”%(outcome)s"), ("2.5a", "2.4.2c"))
LIST_MADE = EventKind("distribution.payout.listed", _("编制发放表：%(plan)s，%(count)s 户，%(amount)s 元"), ("2.5a",))
PAID = EventKind("distribution.payout.paid", _("发放到户：%(plan)s，%(count)s 户，%(amount)s 元"), ("2.5a", "1.2b"))
RETURNED = EventKind("distribution.payout.returned", _("发放退回：%(plan)s，%(amount)s 元"), ("2.5a",))
SPENT = EventKind("distribution.use.spent", _("收益用于%(use)s：%(plan)s，%(amount)s 元"), ("2.5a",))
