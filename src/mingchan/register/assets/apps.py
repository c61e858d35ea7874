"""The assets context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssetsConfig(AppConfig):
    name = "mingchan.register.assets"
    label = "assets"
    verbose_name = _("资产")
