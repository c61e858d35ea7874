"""The stocktake context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StocktakeConfig(AppConfig):
    name = "mingchan.lifecycle.stocktake"
    label = "stocktake"
    verbose_name = _("清查盘点")
