"""Words of performance: what a goal counts, how far an evaluation, an appeal and a rectification are (绩效)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GoalKind(TextChoices):
    """What a yearly goal counts (绩效目标). Money kinds are in fen, the others in whole numbers."""

    SALES = "SALES", _("网络零售额")
    UPWARD = "UPWARD", _("农产品上行额")
    INCOME = "INCOME", _("资产经营收益")
    PARCELS = "PARCELS", _("快件收寄量（件）")
    HOUSEHOLDS = "HOUSEHOLDS", _("带动农户数（户）")
    OPEN_DAYS = "OPEN_DAYS", _("营业天数（天）")
    TRAINED = "TRAINED", _("培训人次")


MONEY = frozenset({GoalKind.SALES, GoalKind.UPWARD, GoalKind.INCOME})
"""Goals whose figures are money."""


class State(TextChoices):
    """How far an evaluation is (评价进度)."""

    ASSIGNED = "ASSIGNED", _("评分中")
    SUBMITTED = "SUBMITTED", _("待财政局审核")
    ANNOUNCED = "ANNOUNCED", _("听取被评价方意见")
    PROCEDURE = "PROCEDURE", _("确认与公示中")
    CONFIRMED = "CONFIRMED", _("已确认")
    CANCELLED = "CANCELLED", _("已撤销")


OPEN = frozenset({State.ASSIGNED, State.SUBMITTED, State.ANNOUNCED, State.PROCEDURE})


class AppealState(TextChoices):
    """What became of the evaluated body's objection (申诉)."""

    OPEN = "OPEN", _("待答复")
    UPHELD = "UPHELD", _("成立，重新评分")
    REJECTED = "REJECTED", _("不成立")


class FixState(TextChoices):
    """How far a rectification is (整改进度)."""

    OPEN = "OPEN", _("整改中")
    REPORTED = "REPORTED", _("待复核")
    CLOSED = "CLOSED", _("已销号")


class StepKind(TextChoices):
    """A step of a rectification (整改记录)."""

    ORDERED = "ORDERED", _("下达整改")
    PROGRESS = "PROGRESS", _("整改进展")
    DONE = "DONE", _("报告整改完成")
    RETURNED = "RETURNED", _("复核退回")
    EXTENDED = "EXTENDED", _("延长期限")
    CLOSED = "CLOSED", _("复核通过")
