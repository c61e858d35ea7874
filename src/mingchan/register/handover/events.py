"""Facts that the handover context records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

DRAFTED = EventKind("handover.list.drafted", _("拟定移交清单 %(number)s：%(source)s移交%(target)s"), ("3.3", "2.6.1b"))
CHANGED = EventKind("handover.list.changed", _("修改移交清单 %(number)s"), ("3.3",))
LISTED = EventKind("handover.line.listed", _("将%(name)s列入移交清单 %(number)s"), ("3.3",))
REFRESHED = EventKind("handover.line.refreshed", _("按最新卡片更新移交清单 %(number)s 的%(name)s"), ("3.3",))
REMOVED = EventKind("handover.line.removed", _("从拟定中的移交清单 %(number)s 去掉%(name)s"), ("3.3",))
CHECKING = EventKind("handover.list.opened", _("移交清单 %(number)s 开始现场清点"), ("3.3", "3.4.1"))
TICKED = EventKind("handover.item.ticked", _("现场清点“%(name)s”：%(found)s"), ("3.3", "3.4.1"))
TICK_REPLACED = EventKind("handover.item.replaced", _("“%(name)s”此前的清点结果不再算数"), ("3.3",))
RESOLVED = EventKind("handover.item.resolved", _("移交清单 %(number)s 的“%(name)s”：%(decision)s"), ("3.3",))
SIGNED = EventKind("handover.list.signed", _("%(office)s签署移交清单 %(number)s（%(side)s）"), ("3.3", "2.6.1b"))
STATE_CHANGED = EventKind("handover.list.moved", _("移交清单 %(number)s：%(state)s"), ("3.3",))
VOIDED = EventKind("handover.signature.voided", _("移交清单 %(number)s 上%(office)s的签署作废"), ("3.3",))
CANCELLED = EventKind("handover.list.cancelled", _("撤销移交清单 %(number)s"), ("3.3",))
EXECUTED = EventKind(
    "handover.list.executed", _("移交清单 %(number)s 办结：%(count)s 项，原值 %(cost)s 元"), ("3.3", "3.4.1")
)
HANDED_OVER = EventKind("handover.asset.moved", _("移交“%(name)s”"), ("3.3", "2.6.1b"))
STATE_FOUND = EventKind("handover.asset.checked", _("移交清点时记下“%(name)s”的使用状况"), ("3.3", "3.4.1"))
