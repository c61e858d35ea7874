"""Addresses of performance (绩效)."""

from tests.architecture.url_table import Row

ROWS: dict[str, Row] = {}
