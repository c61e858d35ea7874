"""Addresses of portal (公示平台)."""

from tests.architecture.url_table import Row

ROWS: dict[str, Row] = {}
