"""Words of the survey: its states, how rows were matched, kinds of differences, decisions, what scope a thing is in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a survey stands (调查状态). A settled or withdrawn one never changes again."""

    MATCHING = "MATCHING", _("待匹配")
    SETTLING = "SETTLING", _("处理中")
    SETTLED = "SETTLED", _("已办结")
    WITHDRAWN = "WITHDRAWN", _("已收回")


OVER = (State.SETTLED, State.WITHDRAWN)
"""States in which nothing of a survey changes any more."""


class Way(TextChoices):
    """How a row found its card (匹配方式)."""

    CODE = "CODE", _("编号")
    SERIAL = "SERIAL", _("序列号")
    PLACE = "PLACE", _("名称地点")
    FUZZY = "FUZZY", _("近似")
    HAND = "HAND", _("人工")


class Kind(TextChoices):
    """In what survey and register differ (差异种类)."""

    ONLY_SURVEY = "ONLY_SURVEY", _("账外")
    ONLY_REGISTER = "ONLY_REGISTER", _("未找到")
    NAME = "NAME", _("名称")
    MODEL = "MODEL", _("规格型号")
    SERIAL = "SERIAL", _("序列号")
    QUANTITY = "QUANTITY", _("数量")
    VALUE = "VALUE", _("价值")
    PLACE = "PLACE", _("地点")
    CLASS = "CLASS", _("分类")
    TYPE = "TYPE", _("体系层级")
    KEEPER = "KEEPER", _("管护人")
    USER = "USER", _("使用人")
    CONDITION = "CONDITION", _("使用状况")


class Decision(TextChoices):
    """What is done about a difference (处理意见)."""

    CORRECT = "CORRECT", _("按调查更正登记")
    REGISTER = "REGISTER", _("登记为新资产")
    KEEP = "KEEP", _("维持登记")
    PENDING = "PENDING", _("列入待查")
    DISPOSE = "DISPOSE", _("报处置")


class Verdict(TextChoices):
    """What the settled survey says of a thing (范围界定, 2.1.1)."""

    IN = "IN", _("方案范围内")
    OUT = "OUT", _("方案范围外")
    DOUBT = "DOUBT", _("待查")
