"""Facts that the sites context records (站点事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

OPENED = EventKind("sites.site.opened", _("建立站点档案"), ("2.1.2", "2.2"))
CORRECTED = EventKind("sites.site.corrected", _("更正站点档案“%(name)s”：%(fields)s"), ("2.1.2", "2.2"))
STATE_CHANGED = EventKind("sites.state.changed", _("站点“%(name)s”自 %(since)s 起%(state_label)s"), ("2.2", "2.6.1b"))
APPOINTED = EventKind(
    "sites.holder.appointed", _("站点“%(name)s”自 %(since)s 起的%(duty)s：%(party)s"), ("2.6.1b", "3.4.1")
)
REQUIRED = EventKind("sites.standard.changed", _("调整站点“%(name)s”的应有配置：%(item)s %(quantity)s"), ("2.2",))
MERGED = EventKind("sites.site.merged", _("站点“%(name)s”并入“%(target)s”"), ("2.1.2", "2.2"))
RELOCATED = EventKind("sites.asset.relocated", _("调整资产“%(name)s”的存放地点"), ("2.2", "2.6.1b"))
EXPORTED = EventKind("sites.list.exported", _("导出站点清单 %(count)s 个站点"), ("2.2",))
