"""Words of depreciation: kinds and states of runs, and why a card isn't charged (折旧用语)."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class RunKind(TextChoices):
    """What a run charges (计提种类): its month, or what earlier months left out (首次计提、迟登记的资产)."""

    MONTH = "MONTH", _("按月计提")
    CATCH_UP = "CATCH_UP", _("补提")


class RunState(IntegerChoices):
    """State of a run (计提状态). Only 0 → 1 → 2 is possible."""

    BEING_WRITTEN = 0, _("未完成")
    POSTED = 1, _("已记账")
    REVERSED = 2, _("已冲销")


class Purpose(TextChoices):
    """What an asset of a village book serves (资产用途), which decides the account that is charged."""

    NONE = "", _("不分用途")
    PRODUCTION = "PRODUCTION", _("生产经营")
    WELFARE = "WELFARE", _("公益")


class Why(TextChoices):
    """Why a card isn't charged in a month (不计提原因)."""

    CLASS = "CLASS", _("按规定不计提的大类")
    NOMINAL = "NOMINAL", _("以名义金额计量")
    NO_COST = "NO_COST", _("没有原值")
    NO_DATE = "NO_DATE", _("缺取得日期")
    NO_LIFE = "NO_LIFE", _("缺使用年限")
    NEW = "NEW", _("下月起计提")
    DONE = "DONE", _("已提足")
