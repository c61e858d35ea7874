"""The configuration as a Django app: when every context is loaded, they are wired together."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "mingchan.config"
    label = "wiring"
    verbose_name = "Wiring"

    def ready(self) -> None:
        from mingchan.config import wiring

        wiring.connect()
