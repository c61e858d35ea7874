"""Facts that tracing records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

LINKED = EventKind(
    "tracing.share.linked", _("支出关联到资产：%(name)s（%(count)s 笔关联，%(amount)s 元）"), ("2.1.1", "2.6.1a", "3.1")
)
TAKEN_BACK = EventKind(
    "tracing.share.taken_back", _("解除支出与资产的关联：%(name)s（%(count)s 笔关联，%(amount)s 元）"), ("2.1.1", "3.1")
)
