"""Words of the portal: its doors, and how things are said to people who know no register."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Door(TextChoices):
    """What can be sent through the portal (入口)."""

    REPORT = "REPORT", _("反映问题")
    OBJECT = "OBJECT", _("对公示提异议")
    FOLLOW = "FOLLOW", _("查进度")


class Use(TextChoices):
    """What the states of use count as, in plain words (使用情况)."""

    IN_USE = "in_use", _("在用")
    IDLE = "idle", _("闲置、停用")
    DAMAGED = "damaged", _("损坏、报废")
    MISSING = "missing", _("丢失")
    UNKNOWN = "unknown", _("未登记状况")
