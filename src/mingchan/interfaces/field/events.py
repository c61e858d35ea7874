"""Facts that the field door records (事件): a capsule taken along, results received."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

ISSUED = EventKind("field.capsule.issued", _("%(actor)s领取外业任务“%(title)s”（%(lines)s项）"), ("3.4.2",))
RECEIVED = EventKind(
    "field.delivery.received",
    _("收到%(worked_by)s的外业记录：收下%(taken)s条，退回%(refused)s条"),
    ("3.4.2",),
)
