"""The evidence context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "mingchan.foundation.evidence"
    label = "evidence"
    verbose_name = _("留痕")
