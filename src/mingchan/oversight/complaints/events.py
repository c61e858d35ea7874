"""Facts that the handling of reports records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

RECEIVED = EventKind("complaints.report.received", _("收到群众反映 %(number)s"), ("4.3", "2.6.2"), "public")
ACCEPTED = EventKind("complaints.report.accepted", _("受理群众反映 %(number)s"), ("4.3",))
PASSED_ON = EventKind("complaints.report.passed", _("群众反映 %(number)s 转交%(office)s办理"), ("4.3", "4.1"))
INVESTIGATED = EventKind("complaints.report.investigated", _("核查群众反映 %(number)s"), ("4.3", "2.6.2"))
ANSWERED = EventKind("complaints.report.answered", _("答复群众反映 %(number)s"), ("4.3", "2.6.2"), "public")
DECLINED = EventKind("complaints.report.declined", _("对群众反映 %(number)s 不予受理"), ("4.3",))
REVEALED = EventKind(
    "complaints.reporter.revealed", _("查看群众反映 %(number)s 的反映人，理由：%(reason)s"), ("1.2b",), "personal"
)
