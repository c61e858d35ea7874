"""Words of labels: how one stands, why one came off, how a code was scanned (2.6.1b, 3.4.1)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """How a label stands (标签状态). It follows from its rows and is stored nowhere."""

    FREE = "FREE", _("未认领")
    LIVE = "LIVE", _("在用")
    VOID = "VOID", _("已作废")


class Cause(TextChoices):
    """Why a label came off its asset (换下原因)."""

    SPOILT = "SPOILT", _("破损、字迹不清")
    LOST = "LOST", _("脱落、丢失")
    WRONG = "WRONG", _("贴错资产")
    GONE = "GONE", _("资产退出、拆分")


class Purpose(TextChoices):
    """What a batch was printed for (印制用途)."""

    AHEAD = "AHEAD", _("预印，到村粘贴后扫码认领")
    ASSETS = "ASSETS", _("按资产清单印制")


class Way(TextChoices):
    """How a code was scanned (扫码方式)."""

    DESK = "DESK", _("办公电脑")
    PHONE = "PHONE", _("手机扫码")
    FIELD = "FIELD", _("外业程序")


REUSED = (Cause.WRONG.value,)
"""A label that came off for one of these is whole and goes to another asset; the others never come back."""
