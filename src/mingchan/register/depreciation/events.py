"""Facts depreciation records (折旧事件), each with its sentence and the clauses it serves."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

POSTED = EventKind(
    "depreciation.run.posted", _("计提折旧：%(book)s %(month)s，%(count)s 项，%(total)s 元"), ("3.4.1", "3.4.3b")
)
REVERSED = EventKind("depreciation.run.reversed", _("冲销折旧：%(book)s %(month)s，%(total)s 元"), ("3.4.1", "3.4.3b"))
