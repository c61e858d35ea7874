"""Disposal in the sample county (处置)."""

from collections.abc import Iterator


def load() -> Iterator[str]:
    """Bring it in, once."""
    yield from ()
