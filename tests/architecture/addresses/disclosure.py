"""Addresses of disclosure (公示公开)."""

from tests.architecture.url_table import Row

ROWS: dict[str, Row] = {}
