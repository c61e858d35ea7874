"""Words of reports from the public: what about, how it came, how far it is, what was done (4.3, 2.6.2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What is reported (反映类别)."""

    IDLE = "IDLE", _("资产闲置")
    DAMAGED = "DAMAGED", _("资产损坏、丢失")
    MISUSE = "MISUSE", _("侵占、挪用、私分")
    OTHER = "OTHER", _("其他情况")


class Source(TextChoices):
    """How a report came in (反映渠道)."""

    PORTAL = "PORTAL", _("公示平台")
    PHONE = "PHONE", _("电话")
    VISIT = "VISIT", _("来访")
    LETTER = "LETTER", _("来信")


class State(TextChoices):
    """How far a report is (办理状态)."""

    RECEIVED = "RECEIVED", _("待受理")
    ACCEPTED = "ACCEPTED", _("已受理")
    INVESTIGATED = "INVESTIGATED", _("已核查")
    ANSWERED = "ANSWERED", _("已答复")
    DECLINED = "DECLINED", _("不予受理")


class Act(TextChoices):
    """A step in the handling of a report (办理步骤)."""

    RECEIVE = "RECEIVE", _("登记")
    ACCEPT = "ACCEPT", _("受理")
    PASS_ON = "PASS_ON", _("转办")
    INVESTIGATE = "INVESTIGATE", _("核查")
    ANSWER = "ANSWER", _("答复")
    DECLINE = "DECLINE", _("不予受理")


OPEN = (State.RECEIVED.value, State.ACCEPTED.value, State.INVESTIGATED.value)
"""States in which an answer is still owed."""
