"""Facts the books record (账务事件), each with its sentence and the clauses it serves."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

BOOK_OPENED = EventKind("ledger.book.opened", _("单独建账：%(name)s（本次共 %(count)s 本）"), ("3.4.1", "4.1"))
BOOK_COMPLETED = EventKind(
    "ledger.book.completed",
    _("按现行制度补设科目：%(name)s，科目 %(accounts)s 个、用途 %(roles)s 项"),
    ("3.4.1", "4.1"),
)
VOUCHER_POSTED = EventKind(
    "ledger.voucher.posted", _("记账：%(book)s %(number)s，%(lines)s 笔分录，金额 %(total)s 元"), ("3.4.1", "4.1")
)
VOUCHER_REVERSED = EventKind(
    "ledger.voucher.reversed", _("红字冲销：%(book)s %(original)s 由 %(number)s 冲销"), ("3.4.1", "4.1")
)
PERIOD_CLOSED = EventKind("ledger.period.closed", _("结账：%(book)s %(month)s"), ("3.4.1", "4.1"))
PERIOD_REOPENED = EventKind(
    "ledger.period.reopened", _("反结账：%(book)s %(month)s，至 %(until)s 自动终止"), ("3.4.1", "4.1")
)
