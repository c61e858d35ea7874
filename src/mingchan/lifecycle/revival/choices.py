"""Words of revival: why an asset is idle, what is done about it, how far it is, what came of it (盘活, 2.6.2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Trigger(TextChoices):
    """Why an asset is in the pool (入池事由): the four that the plan names."""

    WEAK = "WEAK", _("带动性差")
    STALLED = "STALLED", _("工作无起色")
    IDLE = "IDLE", _("长期闲置")
    VACANT = "VACANT", _("负责人缺位")


class Gauge(TextChoices):
    """What the figures behind a reason count (指标)."""

    DAYS = "DAYS", _("天数")
    POINTS = "POINTS", _("绩效评价得分")
    HOUSEHOLDS = "HOUSEHOLDS", _("带动农户数（户）")
    SALES = "SALES", _("网络零售额")
    UPWARD = "UPWARD", _("农产品上行额")
    INCOME = "INCOME", _("年收益")


MONEY = frozenset({Gauge.SALES.value, Gauge.UPWARD.value, Gauge.INCOME.value})
"""Gauges whose figures are fen."""
GOALS = (Gauge.HOUSEHOLDS.value, Gauge.SALES.value, Gauge.UPWARD.value)
"""Goals that say how much a site brings others along."""


class Kind(TextChoices):
    """What is done about idle assets (盘活措施)."""

    USER = "USER", _("变更使用者")
    ENTRUST = "ENTRUST", _("业务托管")
    COOPERATE = "COOPERATE", _("合作经营")
    TRANSFER = "TRANSFER", _("村间调剂")


MODES = {Kind.ENTRUST.value: "ENTRUSTED", Kind.COOPERATE.value: "JOINT"}
"""The mode of operation that a measure sets; both go up to the county government (2.4.2b)."""
BY_DECISION = frozenset({Kind.USER.value, Kind.TRANSFER.value})
"""Measures that the procedure of revival itself decides; the others go through those of operation."""


class State(TextChoices):
    """How far a measure is (措施进度)."""

    PROCEDURE = "PROCEDURE", _("办理审批")
    APPROVED = "APPROVED", _("已同意，待落实")
    ACTING = "ACTING", _("落实中")
    DONE = "DONE", _("已落实")
    REJECTED = "REJECTED", _("未同意")
    STOPPED = "STOPPED", _("已终止")


OPEN = (State.PROCEDURE.value, State.APPROVED.value, State.ACTING.value)
"""Measures that hold their assets: no other is proposed for them."""


class StepKind(TextChoices):
    """What a measure goes through (落实环节)."""

    DECISION = "DECISION", _("盘活审批")
    MODE = "MODE", _("经营方式报批")
    OPERATOR = "OPERATOR", _("变更经营者报批")
    HANDOVER = "HANDOVER", _("使用移交清单")
    MOVE = "MOVE", _("调整存放地点")


class Outcome(TextChoices):
    """What a review of the effect came to (成效评价)."""

    GOOD = "GOOD", _("成效明显")
    SOME = "SOME", _("有所改善")
    NONE = "NONE", _("未见成效")


REVIEWS = (90, 365)
"""So many days after a measure took effect what came of it is looked at."""
