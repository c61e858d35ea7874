"""Words of sites: states, duties, what is doubtful about a site, how a thing stands to what should be there."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """The state of a site (站点状态), from a day on (2.2)."""

    PREPARING = "PREPARING", _("筹建")
    OPERATING = "OPERATING", _("运营")
    SUSPENDED = "SUSPENDED", _("停业")
    CLOSED = "CLOSED", _("撤销")


class Duty(TextChoices):
    """What a party is to a site (站点职责): who runs it, and who answers for it (2.6.1b)."""

    OPERATOR = "OPERATOR", _("经营主体")
    KEEPER = "KEEPER", _("管护责任人")


class Doubt(TextChoices):
    """What a site lacks (站点问题), as the list filters by it."""

    NO_KEEPER = "NO_KEEPER", _("无管护责任人")
    NO_OPERATOR = "NO_OPERATOR", _("无经营主体")
    LACKING = "LACKING", _("缺应有配置")
    NO_FILE = "NO_FILE", _("未建档")
    EMPTY = "EMPTY", _("没有资产")


class Standing(TextChoices):
    """How what is there stands to what should be there (配置情况)."""

    ENOUGH = "ENOUGH", _("齐全")
    MISSING = "MISSING", _("缺少")
    SURPLUS = "SURPLUS", _("多出")
