"""Rows of the field (外业)."""

from mingchan.interfaces.field import drafts, reading
from mingchan.interfaces.field import services as field
from mingchan.interfaces.field.tests.conftest import DEVICE, event, message, picture
from mingchan.interfaces.field.tests.demonstration import KIND, Demonstration
from mingchan.kernel import fieldwork
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """A capsule on a phone, and what came back from it: one event taken, one refused, a photograph."""
    clerk = things.actor("bureau_clerk")
    former = dict(fieldwork._providers)
    fieldwork.register(Demonstration())
    try:
        phone = drafts.Contact(DEVICE, "新关镇 1 号")
        field.issue(KIND, "7", contact=phone, actor=clerk, on=DAY)
        digest, content = picture()
        batch = reading.batch(message(clerk.account_id, [event(1, photos=[digest]), event(2, "wrong")]))
        field.deliver(KIND, "7", batch, actor=clerk, on=DAY)
        field.keep_photo(KIND, "7", digest, content, actor=clerk, on=DAY)
    finally:
        fieldwork._providers.clear()
        fieldwork._providers.update(former)
