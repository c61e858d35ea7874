"""App configuration, so that Django finds the static files and templates of the design system."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """No tables; only looks."""

    name = "mingchan.kernel.ui"
    label = "ui"
    verbose_name = _("界面")
