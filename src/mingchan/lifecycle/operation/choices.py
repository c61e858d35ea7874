"""Words of operation: states of a contract, ways of sharing income, changes, reports, risk (2.4.2a to 2.4.2e)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a contract (经营合同) stands. Signed: it waits for its first day."""

    DRAFT = "DRAFT", _("拟定中")
    PROCEDURE = "PROCEDURE", _("办理中")
    SIGNED = "SIGNED", _("已签订，未起始")
    RUNNING = "RUNNING", _("履行中")
    EXPIRED = "EXPIRED", _("已到期")
    ENDED = "ENDED", _("提前终止")
    DROPPED = "DROPPED", _("已作废")


LIVE = frozenset({Status.SIGNED.value, Status.RUNNING.value})
"""Contracts that bind: their assets can't be let to another, disposed of or withdrawn."""
BINDING = frozenset({*LIVE, Status.EXPIRED.value, Status.ENDED.value})
"""Contracts that took effect at some time: what they made due stays due."""


class EditionStatus(TextChoices):
    """Where a version of a contract's terms (合同版本) stands."""

    DRAFT = "DRAFT", _("拟定中")
    PROCEDURE = "PROCEDURE", _("办理中")
    AGREED = "AGREED", _("已生效")
    DROPPED = "DROPPED", _("未采用")


class Every(TextChoices):
    """How often something is paid (缴付周期), counted from the contract's first day."""

    MONTH = "MONTH", _("按月")
    QUARTER = "QUARTER", _("按季")
    HALF = "HALF", _("按半年")
    YEAR = "YEAR", _("按年")


class DueAt(TextChoices):
    """Whether a period's rent is paid when it begins or when it is over (缴付时点)."""

    START = "START", _("期初")
    END = "END", _("期末")


class ShareOf(TextChoices):
    """What the lessor has a share of (分成依据)."""

    NONE = "NONE", _("不分成")
    TURNOVER = "TURNOVER", _("营业额")
    PROFIT = "PROFIT", _("利润")


class DueKind(TextChoices):
    """What is owed under a contract (应缴款项)."""

    RENT = "RENT", _("固定收益（租金）")
    SHARE = "SHARE", _("分成收益")
    DEPOSIT = "DEPOSIT", _("保证金")
    OTHER = "OTHER", _("其他")


class ReportStatus(TextChoices):
    """Where an operator's report (经营数据申报) stands."""

    SENT = "SENT", _("待审核")
    ACCEPTED = "ACCEPTED", _("已采纳")
    RETURNED = "RETURNED", _("已退回")


class ChangeKind(TextChoices):
    """What a change outside a contract is about (经营变更, 2.4.2b)."""

    OPERATOR = "OPERATOR", _("变更经营者")
    MODE = "MODE", _("确定或变动经营方式")


class ChangeStatus(TextChoices):
    """Where a change stands. Approved: it may be carried out and hasn't been."""

    PROCEDURE = "PROCEDURE", _("办理中")
    APPROVED = "APPROVED", _("已同意，待执行")
    DONE = "DONE", _("已执行")
    REJECTED = "REJECTED", _("未同意")


class Grade(TextChoices):
    """Risk grades (风险等级, 2.4.2e): the decision table of the policy pack gives one."""

    LOW = "LOW", _("低风险")
    MEDIUM = "MEDIUM", _("中风险")
    HIGH = "HIGH", _("高风险")


class ClaimStatus(TextChoices):
    """Where an insurance claim (理赔) stands."""

    OPEN = "OPEN", _("理赔中")
    PAID = "PAID", _("已赔付")
    REFUSED = "REFUSED", _("未获赔付")


class Part(TextChoices):
    """The four parts that every contract must have (合同四项内容, 2.4.2a)."""

    MODE = "MODE", _("经营方式")
    TERM = "TERM", _("期限")
    INCOME = "INCOME", _("收益分配")
    RISK = "RISK", _("风险防控")


class Gate(TextChoices):
    """The four gates of an operation decision (2.4.2c)."""

    DECISION = "DECISION", _("民主决策")
    APPROVAL = "APPROVAL", _("上级审批")
    NOTICE = "NOTICE", _("公开公示")
    AGREEMENT = "AGREEMENT", _("协议约束")


AHEAD = (30, 60, 90)
"""So many days before its end a contract is warned of, the last time first."""
LAWFUL_YEARS = 20
"""A lease may not be longer (民法典 705; 合同法 214 before)."""
