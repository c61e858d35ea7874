"""Facts that labels record (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

MADE = EventKind("labels.batch.made", _("印制标签 %(count)s 张：%(first)s 起"), ("2.6.1b", "3.4.1"))
DRAWN = EventKind("labels.label.made", _("编制标签 %(first)s 等 %(count)s 张"), ("2.6.1b",))
LINKED = EventKind("labels.asset.linked", _("标签贴于“%(name)s”等 %(count)s 项资产"), ("2.6.1b", "3.4.1"))
ENDED = EventKind("labels.asset.unlinked", _("标签 %(code)s 从“%(name)s”换下：%(cause)s"), ("2.6.1b",))
VOIDED = EventKind("labels.label.voided", _("标签 %(code)s 作废：%(cause)s"), ("2.6.1b",))
SCANNED = EventKind("labels.code.scanned", _("扫码 %(code)s 等 %(count)s 次"), ("2.6.1b", "3.4.1"))
PRINTED = EventKind("labels.sheet.printed", _("打印标签 %(count)s 张：%(first)s 起"), ("2.6.1b",))
