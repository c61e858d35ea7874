"""Facts that the funding context records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

APPROPRIATION_RECORDED = EventKind("funding.appropriation.recorded", _("登记资金下达（%(source)s）"), ("2.1.1", "3.1"))
APPROPRIATION_WITHDRAWN = EventKind("funding.appropriation.withdrawn", _("撤回资金下达（%(source)s）"), ("3.1",))
LINE_OPENED = EventKind("funding.line.opened", _("设立子项目（%(source)s）"), ("2.6.1a",))
FUND_USE_RECORDED = EventKind("funding.use.recorded", _("登记资金支出（%(source)s）"), ("3.1", "2.6.1a"))
FUND_USE_MATCHED = EventKind("funding.use.matched", _("支出按文号对应到资金下达（%(source)s）"), ("3.1",))
FUND_USE_WITHDRAWN = EventKind("funding.use.withdrawn", _("撤回资金支出（%(source)s）"), ("3.1",))
APPROPRIATION_ASSIGNED = EventKind("funding.appropriation.assigned", _("资金下达归入项目“%(name)s”"), ("2.6.1a",))
LINE_ASSIGNED = EventKind("funding.line.assigned", _("子项目归入项目“%(name)s”"), ("2.6.1a",))
PROJECT_OPENED = EventKind("funding.project.opened", _("登记项目“%(name)s”"), ("2.6.1a",))
PROJECT_REVISED = EventKind("funding.project.revised", _("更正项目“%(name)s”"), ("2.6.1a",))
STAGE_RECORDED = EventKind("funding.stage.recorded", _("登记“%(name)s”的阶段：%(stage)s"), ("2.6.1a",))
STAGE_CORRECTED = EventKind("funding.stage.corrected", _("更正“%(name)s”的阶段：%(stage)s"), ("2.6.1a",))
