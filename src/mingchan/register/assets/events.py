"""What the register records (登记事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

REGISTERED = EventKind("assets.card.registered", _("登记资产卡片：%(summary)s"), ("2.2", "2.1.2"))
CORRECTED = EventKind("assets.card.corrected", _("更正资产卡片“%(name)s”：%(fields)s"), ("2.2", "2.4.1"))
IMPROVED = EventKind("assets.card.improved", _("后续支出计入资产“%(name)s”原值"), ("2.2", "3.4.1"))
SPLIT = EventKind("assets.card.split", _("将“%(name)s”拆分为 %(count)s 张卡片"), ("2.2",))
WITHDRAWN = EventKind("assets.card.withdrawn", _("撤回登记的资产卡片“%(name)s”"), ("2.2", "3.4.1"))
FROZEN = EventKind("assets.card.frozen", _("冻结资产卡片“%(name)s”，办结前不得变动"), ("2.6.3", "3.4.3a"))
THAWED = EventKind("assets.card.thawed", _("解除资产卡片“%(name)s”的冻结"), ("2.6.3", "3.4.3a"))
SITE_ADDED = EventKind("assets.site.added", _("新增站点“%(name)s”"), ("2.1.2",))
SITE_CORRECTED = EventKind("assets.site.corrected", _("更正站点“%(name)s”：%(fields)s"), ("2.1.2", "2.2"))
SHEET_READ = EventKind("assets.sheet.read", _("读取工作表“%(name)s”"), ("2.2",))
EXPORTED = EventKind("assets.list.exported", _("导出资产清单 %(count)s 张卡片"), ("2.2",))
PERMITTED = EventKind("assets.operator.permitted", _("许可变更经营者 %(count)s 项，依据“%(title)s”"), ("2.4.2b",))
PERMIT_USED = EventKind("assets.operator.changed", _("按许可变更经营者 %(count)s 项"), ("2.4.2b",))
PRINTED = EventKind("assets.card.printed", _("打印资产卡片 %(count)s 张：%(codes)s"), ("2.2",))
