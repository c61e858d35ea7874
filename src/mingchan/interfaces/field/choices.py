"""Words of work in the field (外业): how a capsule went out and how results came back."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    """How something travelled between the phone and the office (途径)."""

    NETWORK = "NETWORK", _("联网")
    FILE = "FILE", _("文件")
