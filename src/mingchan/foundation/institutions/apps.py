"""The library of institutions as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    name = "mingchan.foundation.institutions"
    label = "institutions"
    verbose_name = _("制度")
