"""What the trace records about itself (留痕事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

FILE_ATTACHED = EventKind("evidence.file.attach", _("附上文件《%(name)s》（%(owner)s）"), ("2.4.1",))
DETAIL_ERASED = EventKind(
    "evidence.detail.erase", _("抹去第 %(target)s 条记录的细节：%(reason)s"), (), audit_class="personal"
)
SM3_SWITCHED_ON = EventKind("evidence.sm3.start", _("自第 %(from_seq)s 条起启用 SM3 树"), (), audit_class="system")
LOG_VERIFIED = EventKind(
    "evidence.log.verify", _("校验日志，发现 %(findings)s 处不符"), ("3.4.2",), audit_class="system"
)
FILE_READ = EventKind("evidence.file.read", _("下载文件《%(name)s》"), (), audit_class="business")
DATABASE_RESTORED = EventKind(
    "evidence.database.restore", _("由备份《%(name)s》恢复数据库，备份中日志 %(size)s 条"), (), audit_class="system"
)
