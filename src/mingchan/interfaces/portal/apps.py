"""The portal context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "mingchan.interfaces.portal"
    label = "portal"
    verbose_name = _("公示平台")
