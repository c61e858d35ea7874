"""Books with cards whose depreciation is tested, and the people who charge it."""

from datetime import date
from typing import Any

from mingchan.foundation.ledger.models import Book
from mingchan.foundation.ledger.tests import factories as ledger_make
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets.tests import factories as make

DAY = date(2020, 3, 10)
RIGHTS = frozenset({"ledger.view", "ledger.post", "ledger.close", "depreciation.run", "asset.view"})


def accountant(name: str = "贾会计") -> Actor:
    """Who charges and closes the county's books."""
    return ledger_make.accountant(name, rights=RIGHTS)


def cards(*drafts: dict[str, Any], owner: int | None = None, on: date = DAY, batch: int = 1) -> list[int]:
    """Cards of an owner (the bureau unless told), registered on a day, with a life of 72 months unless told."""
    make.divisions()
    holder = owner or make.party("偏关县工业和信息化局")
    made = [
        make.draft(**{"name": f"设备{index}", "owner": holder, "life_months": 72, **draft})
        for index, draft in enumerate(drafts)
    ]
    found = make.register(made, source=Ref("batch", batch), on=on)
    return list(range(found.first_id, found.first_id + len(made)))


def book(owner: int | None = None) -> Book:
    """The book of an owner, the bureau's unless told."""
    return Book.objects.get(owner=owner or make.party("偏关县工业和信息化局"))


def collective(name: str = "窑头村股份经济合作社") -> int:
    """A village collective, which keeps the other accounting system."""
    return make.party(name, "COLLECTIVE", make.VILLAGE)
