"""Facts that joint supervision records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

_JOINT = ("3.4.2", "4.1")
_CASE = ("3.4.2", "4.2")

PLANNED = EventKind("jointwork.plan.made", _("制定%(year)s年度跟踪监测方案 %(number)s"), _JOINT)
DRAWN = EventKind(
    "jointwork.sample.drawn", _("为%(number)s抽取 %(count)s 项资产，总体 %(frame)s 项，种子 %(seed)s"), _JOINT
)
LOOKED = EventKind("jointwork.sample.looked", _("核查抽样资产 %(code)s：%(look)s"), (*_JOINT, "3.4.1"))
SIGNED = EventKind("jointwork.opinion.signed", _("%(office)s签署 %(number)s 的监测意见：%(conclusion)s"), _JOINT)
CONCLUDED = EventKind("jointwork.plan.concluded", _("%(number)s 四部门签署完毕"), _JOINT, "public")
REPORT_PRINTED = EventKind("jointwork.report.printed", _("打印 %(number)s 监测报告"), _JOINT)

CASE_OPENED = EventKind("jointwork.case.opened", _("立案追责 %(number)s：%(violation)s"), _CASE)
PERSON_NAMED = EventKind("jointwork.person.named", _("%(number)s 认定责任人，%(share)s"), _CASE, "personal")
LOSS_FOUND = EventKind("jointwork.loss.found", _("%(number)s 认定损失 %(loss)s 元"), _CASE)
ORDERED = EventKind("jointwork.compensation.ordered", _("%(number)s 责令赔偿 %(amount)s 元"), _CASE)
PAID = EventKind("jointwork.compensation.paid", _("%(number)s 收到赔偿款 %(amount)s 元"), _CASE)
TRANSFERRED = EventKind("jointwork.case.transferred", _("%(number)s 移送%(receiver)s，文号 %(document)s"), _CASE)
CASE_CLOSED = EventKind("jointwork.case.closed", _("%(number)s 办结"), _CASE)
CASE_DROPPED = EventKind("jointwork.case.dropped", _("%(number)s 不予追究"), _CASE)
REVEALED = EventKind(
    "jointwork.person.revealed", _("查看 %(number)s 责任人的完整信息，理由：%(reason)s"), ("1.2b",), "personal"
)
