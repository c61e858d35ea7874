"""The procedures context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    name = "mingchan.foundation.procedures"
    label = "procedures"
    verbose_name = _("审批")
