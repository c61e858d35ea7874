"""The custody context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustodyConfig(AppConfig):
    name = "mingchan.lifecycle.custody"
    label = "custody"
    verbose_name = _("管护")
