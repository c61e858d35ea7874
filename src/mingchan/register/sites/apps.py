"""The sites context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    name = "mingchan.register.sites"
    label = "sites"
    verbose_name = _("站点")
