"""The income context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncomeConfig(AppConfig):
    name = "mingchan.lifecycle.income"
    label = "income"
    verbose_name = _("收益")
