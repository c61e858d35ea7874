"""The handover context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoverConfig(AppConfig):
    name = "mingchan.register.handover"
    label = "handover"
    verbose_name = _("移交")
