"""Addresses of disposal (处置)."""

from tests.architecture.url_table import Row

ROWS: dict[str, Row] = {}
