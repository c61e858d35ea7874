"""Where a reference leads (链接): upper contexts say how their references are named and shown; lower ones only ask.

The foundation holds references as text and knows no asset or batch. `config.wiring` registers, for each kind of
reference, a function that names it and gives its page.
"""

from collections.abc import Callable
from typing import NamedTuple

from mingchan.kernel.refs import Ref


class Link(NamedTuple):
    """A reference for people: what it is called and the page that shows it (empty when it has none)."""

    title: str
    url: str


Resolver = Callable[[Ref], Link | None]
_resolvers: dict[str, Resolver] = {}


def register(kind: str, resolver: Resolver) -> None:
    """Say how references of a kind are shown."""
    _resolvers[kind] = resolver


def resolve(text: str) -> Link:
    """The link of a reference given as text; the text itself, without a page, when nobody knows its kind."""
    try:
        ref = Ref.parse(text)
    except ValueError:
        return Link(text, "")
    resolver = _resolvers.get(ref.kind)
    found = resolver(ref) if resolver is not None else None
    return found or Link(text, "")
