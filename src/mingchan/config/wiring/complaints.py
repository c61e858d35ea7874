"""Connections of complaints (群众反映)."""

from mingchan.foundation.evidence.protection import Protected

PROTECTED: tuple[Protected, ...] = ()
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {}


def connect() -> None:
    """Make them."""
