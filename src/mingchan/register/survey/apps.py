"""The survey context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveyConfig(AppConfig):
    name = "mingchan.register.survey"
    label = "survey"
    verbose_name = _("调查摸底")
