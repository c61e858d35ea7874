"""Words of confirmation (确权用语): states of a batch, steps taken, what a certificate still says (2.3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """How far a confirmation batch (确权批次) is. Only a draft or a returned batch may be changed."""

    DRAFT = "DRAFT", _("草拟")
    PROPOSED = "PROPOSED", _("待审核")
    CHECKED = "CHECKED", _("待批准")
    APPROVED = "APPROVED", _("已批准")
    RETURNED = "RETURNED", _("已退回")
    WITHDRAWN = "WITHDRAWN", _("已撤回")


OPEN = (State.DRAFT, State.RETURNED)
"""States in which the maker may change a batch."""
PENDING = (State.PROPOSED, State.CHECKED)
"""States in which a batch waits for somebody else."""


class Act(TextChoices):
    """A step of a batch (步骤), by whom and when."""

    DRAFTED = "DRAFTED", _("草拟")
    PROPOSED = "PROPOSED", _("提出")
    CHECKED = "CHECKED", _("审核")
    APPROVED = "APPROVED", _("批准")
    RETURNED = "RETURNED", _("退回")
    WITHDRAWN = "WITHDRAWN", _("撤回")


class Force(TextChoices):
    """What a certificate (确权证书) still says, computed from the rights as they are."""

    IN_FORCE = "IN_FORCE", _("有效")
    PARTLY = "PARTLY", _("部分失效")
    SUPERSEDED = "SUPERSEDED", _("已失效")


class Fault(TextChoices):
    """Why holders can't be proposed (不能提出的原因), in the user's words."""

    NO_HOLDERS = "NO_HOLDERS", _("请至少填写一种权利的权利人")
    NOT_WHOLE = "NOT_WHOLE", _("各权利人的份额之和应等于 1")
    TWICE = "TWICE", _("同一权利人在同一种权利中只能出现一次")
    BAD_SHARE = "BAD_SHARE", _("份额应为不大于 1 的正分数，如 1/3")
    MANY_SHARES = "MANY_SHARES", _("份额的公分母不能超过 10000")
    NO_BASIS = "NO_BASIS", _("请填写确权依据")
    NO_TITLE = "NO_TITLE", _("请填写批次名称")
    TOO_LONG = "TOO_LONG", _("文字过长")
    CUSTODY_SHARED = "CUSTODY_SHARED", _("管护责任由一人承担，不能分份额")
    CUSTODY_ONLY = "CUSTODY_ONLY", _("管护主体和任期只用于管护责任")
