"""Complaints in the sample county (群众反映)."""

from collections.abc import Iterator


def load() -> Iterator[str]:
    """Bring it in, once."""
    yield from ()
