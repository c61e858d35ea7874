"""Addresses of distribution (收益分配)."""

from tests.architecture.url_table import Row

ROWS: dict[str, Row] = {}
