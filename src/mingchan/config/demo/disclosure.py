"""Disclosure in the sample county (公示公开)."""

from collections.abc import Iterator


def load() -> Iterator[str]:
    """Bring it in, once."""
    yield from ()
