"""The workplan context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkplanConfig(AppConfig):
    name = "mingchan.oversight.workplan"
    label = "workplan"
    verbose_name = _("工作步骤")
