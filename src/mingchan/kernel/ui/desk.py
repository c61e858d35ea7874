"""Desks (工作台): what waits for its reader, which terms run out, what has lapsed, and the cards of each part.

Contexts give cards; `config.wiring` registers their builders, and the page of interfaces.web draws them. A builder
takes the reader and the business date and gives a `Card`, or None for a reader it has nothing for. It asks its figures
in a few statements, however much there is, and every figure carries the address of the list it counts:

    def of_contracts(actor: Actor, on: date) -> Card | None:
        if not actor.may("contract.view"):
            return None
        ending, first = queries.ending(actor, on)
        return Card(
            "contracts", _("经营合同"), _("…"), "file-text",
            ending=(Figure(_("60 天内到期的合同"), ending, url="…", next_on=first),),
            links=desk.links(actor, ("operation:list", _("合同清单"), "contract.view")),
        )

A role's desk (`roles.yaml`) names the cards drawn in full; what waits, runs out or has lapsed is told of every part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from mingchan.kernel.actor import Actor

Text = Promise | str
SOON_DAYS = 60
"""A term that ends within so many days stands among those that run out, as custody and contracts count it."""


@dataclass(frozen=True)
class Figure:
    """One figure and the list behind it. `kind`: number or money (fen); `next_on` the earliest day it is about."""

    label: Text
    value: int
    kind: str = "number"
    tone: str = "neutral"
    url: str = ""
    next_on: date | None = None


@dataclass(frozen=True)
class Card:
    """One part of a desk: a name, a line of help, figures, and pages it leads to.

    `waiting` is what waits for the reader (待办), `ending` terms about to run out (即将到期), `lapsed` what is past its
    day (逾期); a figure of nought in them isn't shown.
    """

    code: str
    title: Text
    text: Text
    icon: str
    figures: Sequence[Figure] = ()
    links: Sequence[tuple[Text, str]] = ()
    waiting: Sequence[Figure] = ()
    ending: Sequence[Figure] = ()
    lapsed: Sequence[Figure] = ()


Builder = Callable[[Actor, date], Card | None]


@dataclass(frozen=True)
class _Entry:
    build: Builder
    order: int
    everywhere: bool


_entries: dict[str, _Entry] = {}


def register(code: str, build: Builder, *, order: int = 50, everywhere: bool = True) -> None:
    """Give desks a card; the same code replaces it. Lower `order` stands first where roles don't say.

    One that isn't `everywhere` is made only for roles whose desk names it.
    """
    _entries[code] = _Entry(build, order, everywhere)


def codes() -> frozenset[str]:
    """Codes of every registered card."""
    return frozenset(_entries)


def everywhere() -> frozenset[str]:
    """Codes of the cards that stand on every desk."""
    return frozenset(code for code, entry in _entries.items() if entry.everywhere)


def built(actor: Actor, on: date, named: Sequence[str] = ()) -> list[Card]:
    """The reader's cards: those its roles' desks name in that order, then those that stand on every desk."""
    place = {code: number for number, code in enumerate(named)}
    wanted = [code for code, entry in _entries.items() if entry.everywhere or code in place]
    wanted.sort(key=lambda code: (place.get(code, len(place)), _entries[code].order, code))
    made = (_entries[code].build(actor, on) for code in wanted)
    return [card for card in made if card is not None]


def place(code: str) -> int:
    """Where a card stands among all when no role says otherwise."""
    return _entries[code].order if code in _entries else 0


@cache
def address(route: str) -> str:
    """The address of a route without arguments, empty where this installation has no such page."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def links(actor: Actor, *routes: tuple[str, Text, str]) -> tuple[tuple[Text, str], ...]:
    """Pages of a card as (label, address), out of (route, label, right): those the reader may open."""
    return tuple((label, address(route)) for route, label, right in routes if actor.may(right) and address(route))
