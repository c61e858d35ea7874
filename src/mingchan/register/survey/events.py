"""What the survey records (调查事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

TAKEN = EventKind("survey.survey.taken", _("收到调查成果《%(title)s》，共 %(count)s 行"), ("3.2",))
ROW_TAKEN = EventKind("survey.row.taken", _("登记调查记录（《%(title)s》）"), ("3.2", "2.2"))
MATCHED = EventKind("survey.row.matched", _("调查记录与台账匹配（《%(title)s》）"), ("3.2",))
REMATCHED = EventKind("survey.row.rematched", _("人工改配调查记录“%(name)s”"), ("3.2",))
UNMATCHED = EventKind("survey.row.unmatched", _("取消调查记录“%(name)s”的匹配"), ("3.2",))
COMPARED = EventKind("survey.survey.compared", _("调查成果《%(title)s》与台账比对完成"), ("3.2",))
DECIDED = EventKind("survey.difference.decided", _("处理调查差异：%(decision)s（《%(title)s》）"), ("3.2", "2.2"))
MARKED = EventKind("survey.mark.made", _("界定资产范围和类型（《%(title)s》）"), ("3.2", "2.1.1", "2.1.2"))
SETTLED = EventKind(
    "survey.survey.settled", _("办结调查摸底《%(title)s》，界定 %(count)s 项资产的范围和类型"), ("3.2",)
)
WITHDRAWN = EventKind("survey.survey.withdrawn", _("收回调查成果《%(title)s》"), ("3.2",))
EXPORTED = EventKind("survey.differences.exported", _("导出调查差异处理表（《%(title)s》）"), ("3.2",))
