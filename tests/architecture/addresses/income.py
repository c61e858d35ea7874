"""Addresses of income (收益)."""

from tests.architecture.url_table import Row

ROWS: dict[str, Row] = {}
