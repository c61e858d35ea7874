"""The tracing context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TracingConfig(AppConfig):
    name = "mingchan.register.tracing"
    label = "tracing"
    verbose_name = _("资金追溯")
