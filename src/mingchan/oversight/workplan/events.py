"""Facts that the work plan records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

SET_UP = EventKind("workplan.plan.set", _("设立工作步骤：%(title)s"), ("3.1–3.4",))
STAGE_OPENED = EventKind("workplan.stage.opened", _("安排阶段“%(stage)s”"), ("3.1–3.4",))
DAYS_CHANGED = EventKind(
    "workplan.stage.moved", _("调整阶段“%(stage)s”：%(starts_on)s 至 %(ends_on)s，理由：%(reason)s"), ("3.1–3.4",)
)
CONFIRMED = EventKind("workplan.output.confirmed", _("%(office)s确认成果“%(output)s”"), ("3.1", "3.2", "3.3", "3.4.1"))
CLOSED = EventKind(
    "workplan.stage.closed", _("办结阶段“%(stage)s”，完成 %(percent)s%%"), ("3.1–3.4", "3.1", "3.2", "3.3", "3.4.1")
)
