"""Words of distribution: categories of households, ways to divide, states of policies, plans and payments."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    """What a household is in the register of poverty relief (户类型)."""

    POOR = "POOR", _("贫困户")
    LIFTED = "LIFTED", _("脱贫户")
    UNSTABLE = "UNSTABLE", _("脱贫不稳定户")
    BORDERLINE = "BORDERLINE", _("边缘易致贫户")
    HARDSHIP = "HARDSHIP", _("突发严重困难户")
    ALLOWANCE = "ALLOWANCE", _("低保户")
    SUPPORTED = "SUPPORTED", _("特困供养户")
    GENERAL = "GENERAL", _("一般农户")


RELIEF = frozenset(
    {Category.POOR, Category.LIFTED, Category.UNSTABLE, Category.BORDERLINE, Category.HARDSHIP, Category.SUPPORTED}
)
"""Categories that count as poor households in the time of poverty relief (2.5b), the monitored ones included."""


class Method(TextChoices):
    """How the households' share is divided (分配方式)."""

    EQUAL = "EQUAL", _("按户均等")
    HEADS = "HEADS", _("按人口均等")
    NEED = "NEED", _("按困难程度")
    LABOUR = "LABOUR", _("按劳动天数")
    POSTS = "POSTS", _("按公益岗位")


COUNTED = frozenset({Method.LABOUR, Method.POSTS})
"""Methods by which each household's figure is handed in with the plan: days worked, months in a post."""


class RosterStatus(TextChoices):
    """Where a workbook of households stands (名册)."""

    PREVIEW = "PREVIEW", _("待确认")
    APPLIED = "APPLIED", _("已入册")
    DISCARDED = "DISCARDED", _("已放弃")


class PolicyStatus(TextChoices):
    """Where a policy stands (分配办法)."""

    DRAFT = "DRAFT", _("待备案")
    FILED = "FILED", _("已备案")
    DROPPED = "DROPPED", _("已作废")


class PlanStatus(TextChoices):
    """Where a plan stands (分配方案)."""

    DRAFT = "DRAFT", _("拟定")
    PROPOSED = "PROPOSED", _("决策中")
    FILED = "FILED", _("已备案")
    DONE = "DONE", _("已落实")
    REJECTED = "REJECTED", _("未通过")
    WITHDRAWN = "WITHDRAWN", _("已撤回")


OVER = frozenset({PlanStatus.REJECTED, PlanStatus.WITHDRAWN})
"""States of a plan that holds its receipts no longer."""


class PaymentMethod(TextChoices):
    """How households are paid (发放方式)."""

    BANK = "BANK", _("银行代发")
    CASH = "CASH", _("现金签领")


class PaymentStatus(TextChoices):
    """Where a payment stands (发放状态)."""

    ISSUED = "ISSUED", _("待发放")
    PAID = "PAID", _("已发放")
    RETURNED = "RETURNED", _("已退回")


WHOLE = 10_000
"""Shares are ten-thousandths (万分之): 6000 is 60 %."""
MOST_HOUSEHOLDS = 50_000
"""So many households at most stand in one workbook or plan."""
