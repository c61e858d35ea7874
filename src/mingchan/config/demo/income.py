"""Income in the sample county (收益)."""

from collections.abc import Iterator


def load() -> Iterator[str]:
    """Bring it in, once."""
    yield from ()
