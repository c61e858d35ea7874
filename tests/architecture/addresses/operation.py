"""Addresses of operation (经营)."""

from tests.architecture.url_table import Row

ROWS: dict[str, Row] = {}
