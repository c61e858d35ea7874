"""The labels context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabelsConfig(AppConfig):
    name = "mingchan.register.labels"
    label = "labels"
    verbose_name = _("资产标签")
