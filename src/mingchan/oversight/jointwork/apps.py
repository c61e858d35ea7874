"""Joint supervision as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JointworkConfig(AppConfig):
    name = "mingchan.oversight.jointwork"
    label = "jointwork"
    verbose_name = _("联合监管")
