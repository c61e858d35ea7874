"""The overview (总览): what a county head looks at for one minute, for the county, a township, an office or a site.

Contexts give glances; `config.wiring` registers them, and the page of interfaces.web draws them in its zones. A glance
takes what the overview is about and who reads, and gives what its template needs, or None when it has nothing to say:

    def of_income(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
        ...

    glance.register(Glance("income", _("收益"), "money", 20, "income.view", "income/_glance.html", of_income))

For a township the actor is already narrowed to it (`narrowed`), so that every query that asks for the actor's reach
answers for the township. A glance for an office or a site says so in `kinds` and reads `scope.key` itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise

from mingchan.kernel.actor import Actor

COUNTY, TOWN, OFFICE, SITE = "county", "town", "office", "site"
PLACES = frozenset({COUNTY, TOWN})
ZONES = ("goals", "risk", "decide", "map", "trend", "money", "yield", "idle", "bring", "detail")
"""Where a glance stands, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the overview is about, as of a day: `key` is a division's prefix, or the id of an office or a site."""

    kind: str
    key: str
    name: str
    day: date
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """One large figure at the top. `kind`: number, money (fen) or text; `unit` beside a number."""

    label: str | Promise
    value: int | str
    kind: str = "number"
    unit: str | Promise = ""
    url: str = ""
    tone: str = "neutral"
    note: str = ""


Build = Callable[[Scope, Actor], Mapping[str, Any] | None]
Say = Callable[[Scope, Actor], Sequence[str]]
Head = Callable[[Scope, Actor], Sequence[Headline]]


@dataclass(frozen=True, slots=True)
class Glance:
    """One part of the overview. Without `right` every reader sees it; `kinds` are the scopes that it knows.

    `knows_past`: it can tell how things stood on a past day. `head` gives large figures for the top, `say` sentences
    for the monthly report. `on_wall`: it stands on the wall display too. Where it answers, the glance named by
    `instead_of` doesn't. The template sees what `build` gave as `part`.
    """

    name: str
    title: str | Promise
    zone: str
    order: int
    right: str
    template: str
    build: Build
    kinds: frozenset[str] = PLACES
    knows_past: bool = False
    head: Head | None = None
    say: Say | None = None
    on_wall: bool = True
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """A glance ready for the template."""

    name: str
    title: str
    zone: str
    template: str
    on_wall: bool
    part: Mapping[str, Any]


_glances: dict[str, Glance] = {}


def register(glance: Glance) -> None:
    """Add a glance; the same name replaces it."""
    _glances[glance.name] = glance


def of(scope: Scope, actor: Actor) -> list[Glance]:
    """The glances that know the scope and that the reader may see, in order."""
    found = [
        one
        for one in _glances.values()
        if scope.kind in one.kinds and (not one.right or actor.may(one.right)) and (one.knows_past or not scope.is_past)
    ]
    replaced = {one.instead_of for one in found}
    found = [one for one in found if one.name not in replaced]
    return sorted(found, key=lambda one: (ZONES.index(one.zone), one.order, one.name))


def silent(scope: Scope, actor: Actor) -> list[str]:
    """Titles of the glances that a reader of today sees and that can't tell of the past day."""
    today = replace(scope, is_past=False)
    shown = {one.name for one in of(scope, actor)}
    return [str(one.title) for one in of(today, actor) if one.name not in shown]


def built(scope: Scope, actor: Actor) -> list[Built]:
    """What the page shows; glances with nothing to say are left out."""
    made = []
    for one in of(scope, actor):
        part = one.build(scope, actor)
        if part is not None:
            made.append(Built(one.name, str(one.title), one.zone, one.template, one.on_wall, part))
    return made


def headlines(scope: Scope, actor: Actor) -> list[Headline]:
    """The large figures of every glance, in order."""
    return [figure for one in of(scope, actor) if one.head is not None for figure in one.head(scope, actor)]


def sentences(scope: Scope, actor: Actor) -> list[tuple[str, list[str]]]:
    """What the monthly report says: each glance's title with its sentences."""
    said = [(str(one.title), list(one.say(scope, actor))) for one in of(scope, actor) if one.say is not None]
    return [(title, lines) for title, lines in said if lines]


def narrowed(actor: Actor, prefix: str) -> Actor:
    """The actor with no more than it holds inside a division: wider grants shrink to it, others go."""
    kept = []
    for grant in actor.grants:
        if prefix.startswith(grant.scope):
            kept.append(replace(grant, scope=prefix))
        elif grant.scope.startswith(prefix):
            kept.append(grant)
    return replace(actor, grants=tuple(kept))
