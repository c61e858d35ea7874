"""Addresses of complaints (群众反映)."""

from tests.architecture.url_table import Row

ROWS: dict[str, Row] = {}
