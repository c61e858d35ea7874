"""The directory context as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "mingchan.foundation.directory"
    label = "directory"
    verbose_name = _("组织")
