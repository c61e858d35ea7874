"""Rows of portal (公示平台)."""

from tests.architecture.url_table import Things


def fill(things: Things) -> None:
    """Make them, as the county's people would."""
