"""Work in the field (外业): errands that a phone carries away, works on without a signal, and brings back as events.

A context that sends people out registers a `Provider` in the wiring. The phone's program knows errands, capsules and
events only; what an event means is the provider's affair. Events are facts: each has an id of its own, made on the
phone, and the same id is the same act however often and in whatever order it arrives.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from mingchan.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Errand:
    """A task that somebody can take along: which, for whom, by when, how much of it is done."""

    kind: str
    key: str
    title: str
    where: str
    due: date | None
    total: int
    done: int

    @property
    def ref(self) -> str:
        """What its photographs and records are attached to (`stocktake_task:7`)."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody did or saw in the field.

    `seq` counts from 1 on each device for each errand; `at` is the device's clock, which may be wrong; `skew_seconds`
    is how far it stood from the server's when they last spoke. `photos` are SHA-256 digests of photographs, which may
    arrive before or after the event.
    """

    id: str
    device: str
    seq: int
    kind: str
    at: datetime
    skew_seconds: int = 0
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What became of an event: taken in (also when it was there before), or refused for good, with the reason."""

    id: str
    taken: bool
    reason: str = ""


class Provider(Protocol):
    """What a context offers to the field. Services behind it check permissions like those of pages."""

    kind: str

    def errands(self, *, actor: Actor, on: date) -> Sequence[Errand]:
        """What the actor may take along, the next due first."""

    def capsule(self, key: str, *, actor: Actor, on: date) -> Mapping[str, Any]:
        """Everything needed to work on the errand without a signal, as plain JSON (see `interfaces/field/README.md`).

        Raises Refusal or NotFound when the errand is not the actor's or is closed.
        """

    def known(self, key: str, ids: Collection[str], *, actor: Actor) -> set[str]:
        """Which of these events have been taken in already."""

    def take_in(self, key: str, events: Sequence[Event], *, actor: Actor, on: date) -> Sequence[Answer]:
        """Keep the events, in any order, each once; one answer for each. Raises Refusal when the errand is closed."""


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Offer the errands of a kind; the same kind replaces the former provider."""
    _providers[provider.kind] = provider


def providers() -> tuple[Provider, ...]:
    """All providers, in the order in which they were registered."""
    return tuple(_providers.values())


def provider(kind: str) -> Provider | None:
    """The provider of a kind, None when there is none."""
    return _providers.get(kind)


_PHOTO = re.compile(r"([0-9a-f]{64})\.(?:jpg|jpeg|png|webp)")


def photo_name(sha256: str) -> str:
    """The file name under which a photograph from the field is attached to its errand: the digest that events name.

    Attachments are encoded anew and have another digest of their own.
    """
    return f"{sha256}.jpg"


def sent_digest(name: str) -> str:
    """The digest that events name, from an attachment's file name; empty when it is no photograph from the field."""
    found = _PHOTO.fullmatch(name)
    return found.group(1) if found else ""
