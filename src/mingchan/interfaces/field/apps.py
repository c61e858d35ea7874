"""The field door as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "mingchan.interfaces.field"
    label = "field"
    verbose_name = _("外业")
