"""What each part gives to the desks of its readers (工作台, 4.1); contexts with a wiring module do it there."""

from mingchan.interfaces.web import desks, glances, waiting
from mingchan.kernel.ui import desk


def connect() -> None:
    """Register the overview's own parts, and cards: what waits on every desk, others where a role names them."""
    glances.connect()
    for order, (code, build) in enumerate(waiting.CARDS.items(), start=1):
        desk.register(code, build, order=order)
    for order, (code, plain) in enumerate(desks.CARDS.items(), start=100):
        desk.register(code, plain, order=order, everywhere=False)
