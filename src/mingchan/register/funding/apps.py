"""The funding context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundingConfig(AppConfig):
    name = "mingchan.register.funding"
    label = "funding"
    verbose_name = _("资金、项目")
