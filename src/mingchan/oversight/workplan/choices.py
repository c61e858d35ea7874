"""Words of the work plan: how a stage stands on a day, and what figures count in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StageState(TextChoices):
    """How a stage stands on a day (阶段状态)."""

    AHEAD = "AHEAD", _("未开始")
    UNDER_WAY = "UNDER_WAY", _("进行中")
    DUE_SOON = "DUE_SOON", _("即将到期")
    OVERDUE = "OVERDUE", _("已逾期")
    CLOSED = "CLOSED", _("已办结")
    CLOSED_LATE = "CLOSED_LATE", _("逾期办结")


class Unit(TextChoices):
    """What a measure counts in (计量)."""

    CARDS = "CARDS", _("张卡片")
    ROWS = "ROWS", _("笔")
    LISTS = "LISTS", _("份")
    FEN = "FEN", _("元")
