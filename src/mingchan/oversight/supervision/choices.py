"""Words of supervision: families of checks, how grave, how far a finding is, what was done about it (1.2a, 4.2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Family(TextChoices):
    """What a check guards against (类别): the four dangers of 1.2 and the four fields of 4.2."""

    IDLE = "IDLE", _("资产搁置")
    LOSS = "LOSS", _("资产流失")
    RIGHTS = "RIGHTS", _("权益悬空")
    WATCH = "WATCH", _("监管断线")
    TITLE = "TITLE", _("产权归属")
    OPERATOR = "OPERATOR", _("经营主体选择")
    INCOME = "INCOME", _("收益分配")
    RUNNING = "RUNNING", _("运营管理")


class Severity(TextChoices):
    """How grave it is (程度). A warning (预警) comes before anything is breached and ends by itself."""

    HIGH = "HIGH", _("严重")
    MEDIUM = "MEDIUM", _("一般")
    WARNING = "WARNING", _("预警")


class State(TextChoices):
    """How far a finding is (问题状态)."""

    OPEN = "OPEN", _("待整改")
    REPORTED = "REPORTED", _("已报整改")
    GONE = "GONE", _("事实已消除，待复核")
    WAIVED = "WAIVED", _("已批准豁免")
    CLOSED = "CLOSED", _("已销号")


STANDING = (State.OPEN.value, State.REPORTED.value, State.GONE.value)
"""States of a finding that somebody still has to do something about."""


class Act(TextChoices):
    """A step in the life of a finding (步骤)."""

    FOUND = "FOUND", _("发现")
    RETURNED = "RETURNED", _("再次出现")
    CHANGED = "CHANGED", _("情况变化")
    ASSIGNED = "ASSIGNED", _("改派")
    REPORTED = "REPORTED", _("报告整改")
    SENT_BACK = "SENT_BACK", _("退回整改")
    GONE = "GONE", _("事实消除")
    CLOSED = "CLOSED", _("销号")
    ASKED = "ASKED", _("申请豁免")
    WAIVED = "WAIVED", _("批准豁免")
    REFUSED = "REFUSED", _("不予豁免")
    LAPSED = "LAPSED", _("豁免到期")
    ESCALATED = "ESCALATED", _("提交联合监管")


class Cause(TextChoices):
    """What a run of the checks was made for (运行原因)."""

    NIGHT = "NIGHT", _("每夜全面检查")
    EVENT = "EVENT", _("业务变动后检查")
    ASKED = "ASKED", _("人工检查")


class LineResult(TextChoices):
    """What was found at an asset drawn for inspection (抽查结果)."""

    WAITING = "WAITING", _("待检查")
    FINE = "FINE", _("相符")
    WRONG = "WRONG", _("有问题")


MANUAL = ("complaint", "inspection")
"""Checks without a query: findings that people raise, from a report of the public or at an inspection on the spot."""
