"""Kinds of events (事件): the past-tense facts a context records, each with its sentence and the clauses it serves."""

from dataclasses import dataclass
from typing import Any

_KINDS: dict[str, "EventKind"] = {}


@dataclass(frozen=True)
class EventKind:
    """One kind of event: `code` as `context.noun.verb`, a translatable sentence with named placeholders, clause ids.

    `audit_class` is business, personal, public or system. Declaring two kinds with one code raises ValueError.
    """

    code: str
    sentence: Any
    clauses: tuple[str, ...]
    audit_class: str = "business"

    def __post_init__(self) -> None:
        if self.code in _KINDS:
            raise ValueError(f"event kind declared twice: {self.code}")
        _KINDS[self.code] = self


def kind_of(code: str) -> EventKind | None:
    """The declared kind of a code, or None for a record of a kind no longer declared."""
    return _KINDS.get(code)


def all_kinds() -> tuple[EventKind, ...]:
    """Every declared kind, by code."""
    return tuple(_KINDS[code] for code in sorted(_KINDS))
