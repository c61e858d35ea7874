"""The tracing context as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class TracingConfig(AppConfig):
    name = "mingchan.register.tracing"
    label = "tracing"
    verbose_name = _("资金追溯")

    def ready(self) -> None:
        """The triggers that name tables of other contexts stand aside while those are migrated."""
        from mingchan.register.tracing import guards

        pre_migrate.connect(guards.take_away, sender=self)
        post_migrate.connect(guards.put, sender=self)
