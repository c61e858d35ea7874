"""The operation context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationConfig(AppConfig):
    name = "mingchan.lifecycle.operation"
    label = "operation"
    verbose_name = _("经营")
