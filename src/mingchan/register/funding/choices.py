"""Words of the funding context: levels of money, states of rows, findings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FundLevel(TextChoices):
    """Level of government that sends the money (资金级次)."""

    CENTRAL = "CENTRAL", _("中央")
    PROVINCE = "PROVINCE", _("省级")
    CITY = "CITY", _("市级")
    COUNTY = "COUNTY", _("县级")
    OTHER = "OTHER", _("其他")


class RowStatus(TextChoices):
    """Whether a row counts (状态). A withdrawn row stays readable and counts nowhere."""

    ACTIVE = "ACTIVE", _("有效")
    WITHDRAWN = "WITHDRAWN", _("已撤回")


class FindingCode(TextChoices):
    """What is doubtful about money (资金提醒). A finding warns; it never refuses."""

    OVERSPENT = "OVERSPENT", _("累计支付超过下达金额")
    NO_APPROPRIATION = "NO_APPROPRIATION", _("没有对应文号的资金下达")
    NO_PAYEE = "NO_PAYEE", _("没有收款单位")
    NO_DATE = "NO_DATE", _("没有支付日期")
    OUT_OF_SCOPE = "OUT_OF_SCOPE", _("范围外资金，已说明理由")
    REPEATED = "REPEATED", _("与已登记的资金下达重复")


class System(TextChoices):
    """System that a project line builds (体系), in the words of the register; blank when the line makes no assets."""

    PUBLIC_SERVICE = "PUBLIC_SERVICE", _("公共服务体系")
    LOGISTICS = "LOGISTICS", _("物流配送体系")
    TRACEABILITY = "TRACEABILITY", _("质量安全追溯体系")
    OTHER = "OTHER", _("其他")


class StageKind(TextChoices):
    """Stages of a project from first draft to care afterwards (项目阶段), in the order of clause 2.6.1a."""

    DRAFTING = "DRAFTING", _("项目编制")
    APPLICATION = "APPLICATION", _("申报审批")
    APPROVAL = "APPROVAL", _("立项批复")
    CONSTRUCTION = "CONSTRUCTION", _("项目实施")
    ACCEPTANCE = "ACCEPTANCE", _("竣工验收")
    ACCOUNTS = "ACCOUNTS", _("竣工决算")
    HANDOVER = "HANDOVER", _("资产移交")
    OPERATION = "OPERATION", _("经营运行")
    DISTRIBUTION = "DISTRIBUTION", _("收益分配")
    CARE = "CARE", _("后期管护")


OWN_STAGES = tuple(kind.value for kind in StageKind)[:7]
"""The seven stages that end with the handover of what was built; the other three go on as long as the assets live."""


class StageState(TextChoices):
    """How a stage of a project stands (阶段状态)."""

    DONE = "DONE", _("已办")
    NO_PAPER = "NO_PAPER", _("缺文件")
    MISSING = "MISSING", _("缺登记")
    AHEAD = "AHEAD", _("未到")
