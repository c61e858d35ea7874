"""The maintenance context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MaintenanceConfig(AppConfig):
    name = "mingchan.lifecycle.maintenance"
    label = "maintenance"
    verbose_name = _("巡查维修")
