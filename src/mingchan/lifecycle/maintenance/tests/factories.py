"""What the tests of maintenance start from: a site with cards that have an owner, and events as a phone sends them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from mingchan.kernel.actor import Actor
from mingchan.kernel.fieldwork import Event
from mingchan.lifecycle.maintenance import services
from mingchan.lifecycle.maintenance.models import Round
from mingchan.register.assets.tests.factories import DAY, RIGHTS, clerk, draft, party, register, site

__all__ = ["DAY", "LATER", "cards", "due", "event", "finish", "keeper", "party", "site"]
LATER = date(2020, 3, 20)
EVERY = frozenset(
    {"maintenance.view", "maintenance.plan", "maintenance.inspect", "maintenance.order", "custody.assign"}
)
NOON = datetime(2020, 3, 10, 4, tzinfo=UTC)


def keeper(scope: str = "140932", *, rights: frozenset[str] = EVERY) -> Actor:
    """Somebody who plans, inspects and repairs."""
    return clerk(scope, rights=RIGHTS | rights)


def cards(count: int, **changes: Any) -> list[int]:
    """Cards at the village's station, owned by the bureau."""
    given = {"site": site(), "owner": party("偏关县工业和信息化局"), "cost_fen": 400_000, **changes}
    done = register([draft(f"电脑{n}", **given) for n in range(count)])
    return list(range(done.first_id, done.last_id + 1))


def due(*, every: int = 30, on: date = DAY) -> Round:
    """The first round of the station."""
    [rhythm] = services.plan([site()], every, on, actor=keeper(), on=on)
    return Round.objects.get(rhythm=rhythm)


def event(
    key: str, kind: str, code: str = "", *, seq: int = 1, device: str = "a", minute: int = 0, **data: Any
) -> Event:
    """Something that a phone sends."""
    return Event(key, device, seq, kind, NOON + timedelta(minutes=minute), 0, code, data)


def finish(seq: int, *, device: str = "a") -> Event:
    """The work is ended."""
    return event(f"end-{device}", "finish", seq=seq, device=device)
