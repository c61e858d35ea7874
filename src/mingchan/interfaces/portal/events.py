"""Facts that the portal records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

REBUILT = EventKind(
    "portal.snapshot.taken", _("更新公示平台数据：%(cards)s 张卡片，%(places)s 个区划"), ("4.3",), "public"
)
