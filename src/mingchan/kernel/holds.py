"""What rests on a thing (依赖): upper contexts say what they hang on a card or payment, lower ones ask first.

A card whose payments are linked to it can't be withdrawn, nor cost less than they paid; when it is split, what hangs
on it goes to its parts. `config.wiring` registers, for each kind of thing, what asks and what follows.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from mingchan.kernel.actor import Actor


class Hold(NamedTuple):
    """What rests on one thing: why, in the user's words, and the fen that it needs the thing to be worth."""

    why: str
    fen: int = 0


Check = Callable[[Sequence[int]], Mapping[int, Hold]]
Part = tuple[int, int]
"""A part of a split thing: its id and its fen."""


class Follow(Protocol):
    """What moves the things that hang on a split thing to its parts, in the transaction of the split."""

    def __call__(self, thing: int, parts: Sequence[Part], reason: str, *, actor: Actor, on: date) -> None:
        """Move them."""


_checks: dict[str, dict[str, Check]] = {}
_followers: dict[str, dict[str, Follow]] = {}


def register(kind: str, name: str, check: Check, follow: Follow | None = None) -> None:
    """Have a kind of thing (`asset`, `fund_use`) ask `check` for its ids; `follow` moves what hangs on it to parts.

    `check` is set-based: a few statements for however many ids. `follow` runs in the transaction of the split.
    """
    _checks.setdefault(kind, {})[name] = check
    if follow is not None:
        _followers.setdefault(kind, {})[name] = follow


def on_things(kind: str, ids: Sequence[int]) -> dict[int, list[Hold]]:
    """What rests on the things, by id; things on which nothing rests are left out."""
    found: dict[int, list[Hold]] = {}
    for check in _checks.get(kind, {}).values():
        for key, hold in check(ids).items():
            found.setdefault(key, []).append(hold)
    return found


def needed_fen(kind: str, thing: int) -> int:
    """The fen that the thing must at least be worth for what rests on it."""
    return max((hold.fen for hold in on_things(kind, [thing]).get(thing, ())), default=0)


def follow(kind: str, thing: int, parts: Sequence[Part], reason: str, *, actor: Actor, on: date) -> None:
    """Move what hangs on a thing to the parts that replace it."""
    for move in _followers.get(kind, {}).values():
        move(thing, parts, reason, actor=actor, on=on)
