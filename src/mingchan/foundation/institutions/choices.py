"""Words of the library: what an institution is about, how it stands (2.4.1, 4.2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Field(TextChoices):
    """What an institution governs (制度类别), in the words of 4.2."""

    ACCOUNTING = "ACCOUNTING", _("核算")
    REGISTER = "REGISTER", _("登记")
    OPERATION = "OPERATION", _("运营")
    INCOME = "INCOME", _("收益分配")
    DISPOSAL = "DISPOSAL", _("处置")
    CUSTODY = "CUSTODY", _("管护")
    SUPERVISION = "SUPERVISION", _("监督")


class Standing(TextChoices):
    """How a version stands on a day (效力)."""

    COMING = "COMING", _("尚未施行")
    IN_FORCE = "IN_FORCE", _("施行中")
    REPLACED = "REPLACED", _("已废止")
