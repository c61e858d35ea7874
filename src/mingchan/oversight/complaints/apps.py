"""The complaints context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "mingchan.oversight.complaints"
    label = "complaints"
    verbose_name = _("群众反映")
