"""Operation in the sample county (经营)."""

from collections.abc import Iterator


def load() -> Iterator[str]:
    """Bring it in, once."""
    yield from ()
