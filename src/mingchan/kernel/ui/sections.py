"""Sections of a page that upper contexts add (栏目): the page of an asset shows its payments, rights, handovers.

The page of a thing belongs to a low context, what is known about the thing to many above it. `config.wiring` registers
the sections; the page asks for those of its tab and its reader, and its template includes them.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise

from mingchan.kernel.actor import Actor


class Section(NamedTuple):
    """A part of the page of one thing.

    `tab` is one of the page's own tabs, below whose content the section stands, or the name of a new tab, which is then
    called `label`. `order` sorts new tabs and sections within a tab. Without `right` every reader of the page sees it.
    `build(subject, request)` gives what the template needs, or None when there is nothing to show; it runs only when
    its tab is open. The template sees it as `part`, beside all that the page's own template sees.
    """

    name: str
    label: str | Promise
    tab: str
    order: int
    right: str
    template: str
    build: Callable[[Any, HttpRequest], Mapping[str, Any] | None]


class Built(NamedTuple):
    """A section ready for the template."""

    name: str
    label: str
    template: str
    part: Mapping[str, Any]


_sections: dict[str, dict[str, Section]] = {}


def register(page: str, section: Section) -> None:
    """Add a section to the page of a kind of thing (`asset`, `fund_use`, `project`); the same name replaces it."""
    _sections.setdefault(page, {})[section.name] = section


def of(page: str, actor: Actor) -> list[Section]:
    """The sections of a page that the reader may see, in order."""
    found = [section for section in _sections.get(page, {}).values() if not section.right or actor.may(section.right)]
    return sorted(found, key=lambda section: (section.order, section.name))


def build(page: str, tab: str, subject: Any, request: HttpRequest) -> list[Built]:
    """The sections of one tab with their contents; those that have nothing to show are left out."""
    built = []
    for section in of(page, request.actor):  # type: ignore[attr-defined]
        if section.tab == tab and (part := section.build(subject, request)) is not None:
            built.append(Built(section.name, str(section.label), section.template, part))
    return built
