"""What confirmations record (确权事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

DRAFTED = EventKind("rights.confirmation.drafted", _("草拟确权批次“%(name)s”，资产 %(count)s 项"), ("2.3", "3.3"))
CHANGED = EventKind("rights.confirmation.changed", _("修改确权批次“%(name)s”"), ("2.3",))
PROPOSED = EventKind("rights.confirmation.proposed", _("提出确权批次“%(name)s”，资产 %(count)s 项"), ("2.3", "3.3"))
CHECKED = EventKind("rights.confirmation.checked", _("审核通过确权批次“%(name)s”"), ("2.3", "3.3"))
APPROVED = EventKind("rights.confirmation.approved", _("批准确权批次“%(name)s”，资产 %(count)s 项"), ("2.3", "3.3"))
RETURNED = EventKind("rights.confirmation.returned", _("退回确权批次“%(name)s”"), ("2.3",))
WITHDRAWN = EventKind("rights.confirmation.withdrawn", _("撤回确权批次“%(name)s”"), ("2.3",))
CONFIRMED = EventKind("rights.asset.confirmed", _("确认“%(name)s”的权利，依据：%(basis)s"), ("2.3", "3.3", "2.4.1"))
ISSUED = EventKind("rights.certificate.issued", _("颁发确权证书 %(number)s"), ("2.3",))
PRINTED = EventKind("rights.certificate.printed", _("打印确权证书 %(number)s"), ("2.3",))
EXPORTED = EventKind("rights.ledger.exported", _("导出“%(name)s”的%(kind)s台账"), ("3.3",))
