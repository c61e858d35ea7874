"""The disposal context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisposalConfig(AppConfig):
    name = "mingchan.lifecycle.disposal"
    label = "disposal"
    verbose_name = _("处置")
