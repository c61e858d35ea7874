"""The supervision context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "mingchan.oversight.supervision"
    label = "supervision"
    verbose_name = _("监督")
