"""Registers the provider when the program starts."""

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    """The app of the test's own errands."""

    name = "tests.flows.errands"
    label = "errands"

    def ready(self) -> None:
        from mingchan.kernel import fieldwork
        from tests.flows.errands.provider import Provider

        fieldwork.register(Provider())
