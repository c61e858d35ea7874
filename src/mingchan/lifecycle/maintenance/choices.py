"""Words of inspections and repairs: how a round stands, what was found, how far an order is, where its cost goes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoundState(TextChoices):
    """How far a round is (巡查状态). What came back stands in its events; closing it is an act."""

    OPEN = "OPEN", _("待巡查")
    CLOSED = "CLOSED", _("已办结")
    DROPPED = "DROPPED", _("已取消")


class Finding(TextChoices):
    """What a round found of an asset (巡查结果)."""

    SOUND = "SOUND", _("正常")
    FAULT = "FAULT", _("有故障或异常")
    NOT_FOUND = "NOT_FOUND", _("未找到")
    UNSEEN = "UNSEEN", _("未查")


class FieldKind(TextChoices):
    """Kinds of events that a round takes in (巡查记录类别); others are refused for good."""

    CHECK = "check", _("检查")
    FAULT = "fault", _("故障")
    SCAN = "scan", _("扫码")
    FOUND = "found", _("见到")
    NOT_FOUND = "not_found", _("未找到")
    SIGNATURE = "signature", _("签名")
    UNDO = "undo", _("撤销")
    FINISH = "finish", _("巡查结束")


class Severity(TextChoices):
    """How bad a fault is (故障程度)."""

    MINOR = "MINOR", _("轻微，可以使用")
    MAJOR = "MAJOR", _("影响使用")
    STOPPED = "STOPPED", _("不能使用")


class OrderState(TextChoices):
    """How far a repair is (维修状态)."""

    REPORTED = "REPORTED", _("待派工")
    ASSIGNED = "ASSIGNED", _("维修中")
    REPAIRED = "REPAIRED", _("待验收")
    ACCEPTED = "ACCEPTED", _("已验收")
    DECLINED = "DECLINED", _("不予维修")


class Act(TextChoices):
    """A step of a repair (办理步骤)."""

    REPORT = "REPORT", _("报修")
    ASSIGN = "ASSIGN", _("派工")
    REPAIR = "REPAIR", _("完成维修")
    SEND_BACK = "SEND_BACK", _("退回返修")
    ACCEPT = "ACCEPT", _("验收")
    DECLINE = "DECLINE", _("不予维修")
    PAY = "PAY", _("付款")
    CLAIM = "CLAIM", _("关联保险理赔")


class Nature(TextChoices):
    """What kind of work it was (支出性质)."""

    KEEP = "KEEP", _("日常维修养护")
    IMPROVE = "IMPROVE", _("改建、扩建、大型维修改造")


class Treatment(TextChoices):
    """Where the cost goes (入账方式)."""

    NONE = "NONE", _("无费用")
    EXPENSE = "EXPENSE", _("计入当期费用")
    CAPITAL = "CAPITAL", _("计入资产原值")


class Payment(TextChoices):
    """How the cost was met (付款情况)."""

    PAID = "PAID", _("已付款")
    OWED = "OWED", _("暂欠，挂应付账款")


UNDER_WAY = (OrderState.REPORTED.value, OrderState.ASSIGNED.value, OrderState.REPAIRED.value)
"""States of a repair that isn't over."""
DAMAGED, IN_USE = "损坏", "在用"
"""Conditions of the policy pack that a fault and a repair propose."""
