"""Facts that supervision records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

FOUND = EventKind("supervision.finding.found", _("发现问题：%(check)s"), ("1.2a", "4.2"))
RETURNED = EventKind("supervision.finding.returned", _("问题再次出现：%(check)s"), ("1.2a",))
CHANGED = EventKind("supervision.finding.changed", _("问题情况变化：%(check)s"), ("1.2a",))
GONE = EventKind("supervision.finding.gone", _("问题事实消除，待复核：%(check)s"), ("1.2a",))
CLOSED = EventKind("supervision.finding.closed", _("问题销号：%(check)s"), ("1.2a", "3.4.2"))
ASSIGNED = EventKind("supervision.finding.assigned", _("问题改派%(office)s整改：%(check)s"), ("1.2a", "2.6.1b"))
REPORTED = EventKind("supervision.finding.reported", _("报告整改情况：%(check)s"), ("1.2a", "2.6.1a"))
SENT_BACK = EventKind("supervision.finding.sent_back", _("整改复核未通过，退回：%(check)s"), ("1.2a", "3.4.2"))
ESCALATED = EventKind("supervision.finding.escalated", _("整改逾期，提交联合监管：%(check)s"), ("3.4.2", "4.2"))
WAIVER_ASKED = EventKind("supervision.waiver.asked", _("申请豁免：%(check)s"), ("1.2a", "2.4.2c"))
WAIVED = EventKind("supervision.waiver.given", _("批准豁免至%(until)s：%(check)s"), ("1.2a", "2.4.2c"))
WAIVER_REFUSED = EventKind("supervision.waiver.refused", _("不予豁免：%(check)s"), ("1.2a", "2.4.2c"))
WAIVER_LAPSED = EventKind("supervision.waiver.lapsed", _("豁免到期，恢复整改：%(check)s"), ("1.2a",))
DRAWN = EventKind("supervision.sample.drawn", _("抽取抽查样本《%(title)s》，共 %(count)s 件"), ("3.4.2", "2.6.1b"))
INSPECTED = EventKind("supervision.sample.inspected", _("登记抽查结果：%(code)s"), ("3.4.2", "3.4.1"))
