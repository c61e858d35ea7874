"""Words of disposal: ways, states, what was lost, what moved as money (处置方式、状态、收支)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DisposalKind(TextChoices):
    """How assets leave (处置方式, 2.6.3, 3.4.3c). Papers, appraisal, steps and vouchers stand in the policy pack."""

    TRANSFER = "TRANSFER", _("无偿调拨")
    SALE = "SALE", _("转让（出售）")
    AUCTION = "AUCTION", _("拍卖")
    SWAP = "SWAP", _("置换")
    DONATION = "DONATION", _("捐赠")
    DAMAGE = "DAMAGE", _("报损")
    SCRAP = "SCRAP", _("报废")
    MONETARY = "MONETARY", _("货币性资产损失核销")


class State(TextChoices):
    """Where a disposal stands (处置状态). Only the procedure leads from one to the next (3.4.3a)."""

    DRAFT = "DRAFT", _("拟定中")
    REVIEW = "REVIEW", _("审批中")
    NOTICE = "NOTICE", _("公示中")
    MAY_PROCEED = "MAY_PROCEED", _("可以实施")
    EXECUTED = "EXECUTED", _("已实施，待备案公布")
    FILED = "FILED", _("已办结")
    REJECTED = "REJECTED", _("不予处置")
    WITHDRAWN = "WITHDRAWN", _("已撤回")


RUNNING = (State.REVIEW, State.NOTICE, State.MAY_PROCEED)
"""States in which the procedure is under way and the assets are frozen."""
OVER = (State.REJECTED, State.WITHDRAWN)
"""States in which nothing came of it."""
DONE = (State.EXECUTED, State.FILED)
"""States after the assets left."""


class Loss(TextChoices):
    """What money was lost (核销的货币性资产)."""

    RENT_RECEIVABLE = "RENT_RECEIVABLE", _("应收租金")
    OTHER_RECEIVABLE = "OTHER_RECEIVABLE", _("其他应收款")
    BANK = "BANK", _("货币资金")


class Money(TextChoices):
    """What moved as money of a disposal (处置收支)."""

    RECEIVED = "RECEIVED", _("收款")
    COST = "COST", _("处置费用")
    TAX = "TAX", _("税费")
    REMITTED = "REMITTED", _("上缴财政")


MOST_ITEMS = 20_000
"""A proposal holds so many assets at most."""
SHOWN = 5
"""So many assets are named in a refusal."""
