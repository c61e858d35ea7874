"""What the exchange records: a workbook received, its import confirmed, withdrawn or thrown away."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

RECEIVED = EventKind("exchange.batch.received", _("收到工作簿《%(file)s》，保存原件并登记摘要"), ("2.2",))
CORRECTED = EventKind("exchange.cell.corrected", _("更正《%(file)s》%(sheet)s 第%(row)s行%(column)s列"), ("2.2",))
MAPPED = EventKind("exchange.columns.mapped", _("确定《%(file)s》的列对应关系"), ("2.2",))
ADMITTED = EventKind("exchange.source.admitted", _("准入《%(file)s》中方案范围外的资金来源“%(admitted)s”"), ("2.1.1",))
SKIPPED = EventKind("exchange.row.skipped", _("《%(file)s》%(sheet)s 第%(row)s行不导入"), ("2.2",))
TAKEN = EventKind("exchange.row.taken", _("《%(file)s》%(sheet)s 第%(row)s行恢复导入"), ("2.2",))
CHOSEN = EventKind("exchange.sheets.chosen", _("选定《%(file)s》中不导入的工作表：%(left_out)s"), ("2.2",))
PURPOSE = EventKind("exchange.batch.assigned", _("《%(file)s》改为按“%(purpose)s”导入"), ("2.2", "3.2"))
SURVEYED = EventKind("exchange.batch.surveyed", _("《%(file)s》作为调查表收下：%(count)s行"), ("3.2",))
APPLIED = EventKind("exchange.batch.applied", _("《%(file)s》导入入账：%(count)s条，合计%(yuan)s元"), ("2.2", "3.4.1"))
WITHDRAWN = EventKind("exchange.batch.withdrawn", _("撤回《%(file)s》的导入，以红字凭证冲回"), ("2.2", "3.4.1"))
DISCARDED = EventKind("exchange.batch.discarded", _("作废未入账的批次《%(file)s》"), ("2.2",))
