"""Acts on chosen rows that upper contexts add to a list (批量办理): the list of assets offers to hand them over.

`config.wiring` registers them; the list asks for those of its reader. An act is a page that takes the chosen rows as
`selected` parameters.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from mingchan.kernel.actor import Actor


class BulkAct(NamedTuple):
    """A button below a list with chosen rows: its words, the route it leads to, the right it asks for, its icon.

    `whole` are its words above the list, for an act that also takes everything the filter finds (`all=1`).
    """

    label: str | Promise
    route: str
    right: str
    icon: str = "arrow-right"
    whole: str | Promise = ""

    @property
    def url(self) -> str:
        """Where it leads."""
        return reverse(self.route)


_acts: dict[str, dict[str, BulkAct]] = {}


def register(page: str, act: BulkAct) -> None:
    """Add an act to the list of a kind of thing (`asset`); the same route replaces it."""
    _acts.setdefault(page, {})[act.route] = act


def of(page: str, actor: Actor) -> list[BulkAct]:
    """The acts that the reader may do, in the order in which they were registered."""
    return [act for act in _acts.get(page, {}).values() if actor.may(act.right)]


def keys(texts: Iterable[str], most: int | None = None) -> list[int]:
    """Keys of rows as they stand in an address or a form, each once; what is no key is left out."""
    found = [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19]
    return list(dict.fromkeys(found))[:most]


def chosen(params: MultiValueDict[str, str], most: int | None = None) -> list[int]:
    """The keys of the rows chosen in a list, at most so many."""
    return keys(params.getlist("selected"), most)
