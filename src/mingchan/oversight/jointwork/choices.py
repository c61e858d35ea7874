"""Words of joint supervision: states of a year's tracking, offices, conclusions, the seven violations (3.4.2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanState(TextChoices):
    """How far a year's tracking is (监测进度)."""

    DRAFT = "DRAFT", _("待抽样")
    DRAWN = "DRAWN", _("监测中")
    CONCLUDED = "CONCLUDED", _("四部门已签署")


class Weighting(TextChoices):
    """How likely an asset is drawn (抽样方法)."""

    COST = "COST", _("按原值抽样，原值越大越可能抽中")
    EQUAL = "EQUAL", _("等概率抽样")


class Office(TextChoices):
    """The four offices of joint supervision, by the role their accounts hold (联合监管部门)."""

    FINANCE = "finance", _("财政")
    POVERTY = "poverty", _("扶贫（乡村振兴）")
    DISCIPLINE = "discipline", _("纪检监察")
    AUDIT = "audit", _("审计")


class Look(TextChoices):
    """What an office found of a drawn asset (核查结果)."""

    RIGHT = "RIGHT", _("账实相符")
    DIFFERS = "DIFFERS", _("情况不符")
    MISSING = "MISSING", _("未见实物")


class Conclusion(TextChoices):
    """An office's opinion in one word (监测结论)."""

    SOUND = "SOUND", _("管理规范")
    FAULTS = "FAULTS", _("存在问题，须整改")
    GRAVE = "GRAVE", _("问题严重，须追责")


class Violation(TextChoices):
    """The seven violations of the plan (违规情形)."""

    OCCUPIED = "OCCUPIED", _("侵占")
    DIVERTED = "DIVERTED", _("挪用")
    LOOTED = "LOOTED", _("哄抢")
    SHARED_OUT = "SHARED_OUT", _("私分")
    WITHHELD = "WITHHELD", _("截留")
    DAMAGED = "DAMAGED", _("损坏")
    SQUANDERED = "SQUANDERED", _("挥霍浪费")


class CaseState(TextChoices):
    """How far an accountability case is (追责进度)."""

    OPEN = "OPEN", _("已立案")
    FOUND = "FOUND", _("已认定")
    CLOSED = "CLOSED", _("已办结")
    DROPPED = "DROPPED", _("不予追究")


class Act(TextChoices):
    """A step of an accountability case (追责步骤)."""

    OPEN = "OPEN", _("立案")
    ADD_PERSON = "ADD_PERSON", _("认定责任人")
    FIND = "FIND", _("认定事实和损失")
    ORDER = "ORDER", _("责令赔偿")
    PAY = "PAY", _("收到赔偿款")
    TRANSFER = "TRANSFER", _("移送")
    CLOSE = "CLOSE", _("办结")
    DROP = "DROP", _("不予追究")


class Share(TextChoices):
    """How somebody is responsible (责任类型)."""

    DIRECT = "DIRECT", _("直接责任")
    LEADING = "LEADING", _("领导责任")
    OVERSEEING = "OVERSEEING", _("监管责任")


class Receiver(TextChoices):
    """To whom a case is transferred (移送对象)."""

    DISCIPLINE = "DISCIPLINE", _("纪检监察机关")
    JUSTICE = "JUSTICE", _("司法机关")


ONGOING = (CaseState.OPEN.value, CaseState.FOUND.value)
"""States of a case that still has something to come."""
