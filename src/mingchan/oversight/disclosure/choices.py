"""Words of disclosure: kinds and states of notices, places, objections and their ends (2.6.3, 3.4.3a, 3.4.3b)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeKind(TextChoices):
    """What a notice makes public (公示类别)."""

    DISPOSAL_PLAN = "DISPOSAL_PLAN", _("处置方案公示")
    DISPOSAL_RESULT = "DISPOSAL_RESULT", _("处置结果公示")
    OPERATOR_CHANGE = "OPERATOR_CHANGE", _("经营主体变更公示")
    MODE_CHANGE = "MODE_CHANGE", _("经营方式变更公示")
    CONTRACT = "CONTRACT", _("经营合同公示")
    DISTRIBUTION_PLAN = "DISTRIBUTION_PLAN", _("收益分配方案公示")
    DISTRIBUTION_RESULT = "DISTRIBUTION_RESULT", _("收益分配结果公示")
    EVALUATION = "EVALUATION", _("评估结果公示")
    STOCKTAKE = "STOCKTAKE", _("资产清查公示")
    GENERAL = "GENERAL", _("一般公示")


class NoticeState(TextChoices):
    """Where a notice stands (公示状态). From PUBLISHED on its text never changes."""

    DRAFT = "DRAFT", _("拟稿")
    PUBLISHED = "PUBLISHED", _("公示中")
    CLOSED = "CLOSED", _("公示期满")
    CORRECTED = "CORRECTED", _("已更正")
    WITHDRAWN = "WITHDRAWN", _("已撤销")
    DROPPED = "DROPPED", _("稿件作废")


class NoticeOutcome(TextChoices):
    """How a period ended (公示结果): PASSED, or UPHELD when an objection was upheld in whole or in part."""

    PASSED = "PASSED", _("无异议或异议不成立")
    UPHELD = "UPHELD", _("异议成立")


class DayUnit(TextChoices):
    """How the days of a period are counted (期限单位)."""

    CALENDAR = "CALENDAR", _("自然日")
    WORKING = "WORKING", _("工作日")


class PlaceKind(TextChoices):
    """Where a notice is shown (公示场所). A board needs proof that it hung there."""

    WEBSITE = "WEBSITE", _("网站")
    BOARD = "BOARD", _("公开栏")


class ObjectionState(TextChoices):
    """How far an objection is (异议状态)."""

    OPEN = "OPEN", _("待受理")
    ACCEPTED = "ACCEPTED", _("已受理，核查中")
    INADMISSIBLE = "INADMISSIBLE", _("不予受理")
    ANSWERED = "ANSWERED", _("已答复")


class ObjectionVerdict(TextChoices):
    """What was found (异议结论). Upheld, also in part, sends the matter back to its drafter."""

    UPHELD = "UPHELD", _("成立")
    PARTLY = "PARTLY", _("部分成立")
    NOT_UPHELD = "NOT_UPHELD", _("不成立")


class ObjectionSource(TextChoices):
    """How an objection came (提出方式)."""

    PORTAL = "PORTAL", _("网上提出")
    COUNTER = "COUNTER", _("来人来电来信，代为登记")


WAITING = (ObjectionState.OPEN, ObjectionState.ACCEPTED)
"""States in which an objection still has to be answered; one raised in time holds its notice as long."""
