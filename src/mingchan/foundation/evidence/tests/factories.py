"""Actors, event kinds and rows that tests of the trace share."""

from datetime import date
from typing import Any

from django.db import connection

from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.events import EventKind

DAY = date(2020, 3, 10)
LATER = date(2020, 4, 1)
COUNTY = "140932"
RIGHTS = frozenset(
    {"paper.attach", "paper.view", "party.manage", "backup.make", "log.view", "log.verify", "exchange.import"}
)
COUNTED = EventKind("test.stock.count", "清点 %(name)s，经办 %(actor)s", ("3.4.1",))
MOVED = EventKind("test.stock.move", "移动 %(name)s：%(reason_word)s", ())


def actor(name: str = "张三", number: int | None = 7, scope: str = COUNTY, rights: frozenset[str] = RIGHTS) -> Actor:
    """An actor with the rights over the scope."""
    return Actor(number, name, COUNTY, (Grant("bureau_clerk", scope, rights),), "s3cret", "ip:10.8.3.21", "01J8")


def drop_guards(*tables: str) -> None:
    """What a database administrator can do: take the triggers of the tables away."""
    with connection.cursor() as cursor:
        for table in tables:
            for verb in ("update", "delete", "truncate"):
                where = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{verb}"{where}')


def by_hand(statement: str, parameters: Any = ()) -> int:
    """A statement past the program; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
