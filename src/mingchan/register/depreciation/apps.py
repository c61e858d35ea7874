"""The context as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DepreciationConfig(AppConfig):
    """Depreciation (折旧)."""

    name = "mingchan.register.depreciation"
    label = "depreciation"
    verbose_name = _("折旧")
