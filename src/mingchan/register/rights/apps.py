"""The rights context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "mingchan.register.rights"
    label = "rights"
    verbose_name = _("确权")
