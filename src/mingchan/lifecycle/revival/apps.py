"""The revival context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RevivalConfig(AppConfig):
    name = "mingchan.lifecycle.revival"
    label = "revival"
    verbose_name = _("盘活")
