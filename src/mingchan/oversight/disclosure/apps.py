"""The disclosure context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosureConfig(AppConfig):
    name = "mingchan.oversight.disclosure"
    label = "disclosure"
    verbose_name = _("公示公开")
