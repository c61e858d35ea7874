"""Keepers, bodies and cards that the tests of custody start from."""

from datetime import date

from mingchan.kernel.actor import Actor
from mingchan.lifecycle.custody import services
from mingchan.register.assets.tests.factories import draft, party, register

ON = date(2020, 5, 18)
DUE = date(2023, 5, 17)
BASIS = "管护责任书（示例）"
VILLAGE = "140932101201"


def person(name: str, division: str = VILLAGE) -> int:
    """A person by name."""
    return party(name, "PERSON", division)


def body(name: str = "窑头村民委员会", division: str = VILLAGE) -> int:
    """A body that keepers answer to."""
    return party(name, "VILLAGE_COMMITTEE", division)


def cards(count: int, actor: Actor, *, keeper: int | None = None, division: str = VILLAGE) -> list[int]:
    """Cards of a village, registered on 10 March 2020."""
    done = register(
        [draft(f"物{n}", keeper=keeper, division_code=division, acquired_on=date(2019, 5, 10)) for n in range(count)],
        actor=actor,
    )
    return list(range(done.first_id, done.last_id + 1))


def assign(ids: list[int], who: int, whom: int, actor: Actor, *, due: date = DUE, on: date = ON) -> int:
    """Give cards a keeper; how many."""
    return services.assign(ids, who, whom, due, basis=BASIS, actor=actor, on=on).count
