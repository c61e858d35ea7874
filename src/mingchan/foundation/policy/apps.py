"""The policy context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "mingchan.foundation.policy"
    label = "policy"
    verbose_name = _("制度")
