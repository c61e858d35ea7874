"""The distribution context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistributionConfig(AppConfig):
    name = "mingchan.lifecycle.distribution"
    label = "distribution"
    verbose_name = _("收益分配")
