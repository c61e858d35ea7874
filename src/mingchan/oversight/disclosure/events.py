"""Facts that disclosure records (公示事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

_NOTICE = ("2.4.2c", "2.6.3", "3.4.3a", "3.4.3b")
_OBJECTION = ("3.4.3a", "4.3")

DRAFTED = EventKind("disclosure.notice.drafted", _("拟定公示“%(title)s”"), _NOTICE)
EDITED = EventKind("disclosure.notice.edited", _("修改公示稿“%(title)s”"), _NOTICE)
MASKED = EventKind("disclosure.notice.masked", _("按规则遮盖公示稿“%(title)s”中的个人信息"), ("1.2b",))
DROPPED = EventKind("disclosure.notice.dropped", _("公示稿“%(title)s”作废"), ("2.4.2c",))
PUBLISHED = EventKind(
    "disclosure.notice.published", _("发布公示 %(number)s“%(title)s”，公示至 %(last)s"), _NOTICE, "public"
)
POSTED = EventKind("disclosure.notice.posted", _("公示 %(number)s 在%(place)s张贴留证"), ("3.4.3b",), "public")
CLOSED = EventKind("disclosure.notice.closed", _("公示 %(number)s 期满：%(outcome)s"), _NOTICE, "public")
CORRECTED = EventKind("disclosure.notice.corrected", _("公示 %(number)s 由 %(by)s 更正"), _NOTICE, "public")
WITHDRAWN = EventKind("disclosure.notice.withdrawn", _("撤销公示 %(number)s"), _NOTICE, "public")
PRINTED = EventKind("disclosure.notice.printed", _("打印公示 %(number)s 的张贴件"), ("3.4.3b",))
RAISED = EventKind("disclosure.objection.raised", _("对公示 %(notice)s 提出异议 %(number)s"), _OBJECTION, "public")
ACCEPTED = EventKind("disclosure.objection.accepted", _("受理异议 %(number)s，由%(investigator)s核查"), _OBJECTION)
ASSIGNED = EventKind("disclosure.objection.assigned", _("异议 %(number)s 改由%(investigator)s核查"), _OBJECTION)
REFUSED = EventKind("disclosure.objection.refused", _("不予受理异议 %(number)s"), _OBJECTION, "public")
NOTED = EventKind("disclosure.objection.noted", _("异议 %(number)s 增加核查记录"), _OBJECTION)
ANSWERED = EventKind("disclosure.objection.answered", _("答复异议 %(number)s：%(verdict)s"), _OBJECTION, "public")
REVEALED = EventKind("disclosure.objection.revealed", _("查看异议 %(number)s 的%(field)s"), ("1.2b",), "personal")
