"""Rows of performance (绩效)."""

from tests.architecture.url_table import Things


def fill(things: Things) -> None:
    """Make them, as the county's people would."""
