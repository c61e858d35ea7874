"""How the database answers what the pages ask: every statement of every page, explained.

A table that grows with the register must never be walked through from end to end for a list or a report. On a few
thousand rows such a walk costs a millisecond and nobody sees it; at a million it costs what a person waits for.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

GROWING = frozenset(
    {
        "assets_asset", "assets_formercard", "assets_right", "assets_fundingshare", "assets_origin", "directory_party",
        "evidence_record", "evidence_detail", "ledger_line", "distribution_household", "distribution_member",
        "distribution_standing", "distribution_share", "distribution_payment", "distribution_poolrow",
        "performance_evaluation", "performance_score", "performance_rectification",
    }
)  # fmt: skip
"""Tables that grow with the register."""
MEANT = {
    "the register in figures, summed once after each change and kept": (
        "assets_asset", 'GROUP BY "assets_asset"."division_code"',
    ),
    "rights whole, short and missing, counted once after each change and kept": ("assets_asset", 'AS "n_OWNERSHIP"'),
    "cards without supervision, counted with them": ("assets_asset", "'SUPERVISION'"),
    "cost by owner, summed once after each change and kept": ("assets_asset", 'GROUP BY "assets_asset"."owner_id"'),
    "shares of cards of several sources, summed with the figures": ("assets_fundingshare", "GROUP BY"),
    "sums under a list: of 10,000 cards at most, else asked for after the page": (
        "assets_asset", 'AS "quantity", SUM("assets_asset"."cost_fen") AS "cost",',
    ),
    "cost by class beside the books, with and without an owner, a report": ("assets_asset", 'AS "unowned"'),
    "cost by system, level, class and year beside the books, a report": (
        "assets_asset", 'AS "c" FROM "assets_asset" WHERE ("assets_asset"."county"',
    ),
    "how complete the cards are, for the six goals, a report": ("assets_asset", 'AS "classed"'),
    "cost by class of charged books beside ledger and count, a report": (
        "assets_asset", 'AS "six_class", COUNT("assets_asset"."id") AS "n"',
    ),
    "names of parties that hold a searched word: parties are a fraction of the cards": (
        "directory_party", 'UPPER(U0."name"',
    ),
    "how many parties wait to be confirmed: parties are a fraction of the cards": (
        "directory_party", 'COUNT("directory_party"."id") FILTER',
    ),
}  # fmt: skip
"""Walks that are meant: why, the table, and what the statement is known by."""


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Every address that names no single thing."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = str(pattern.pattern)
        if "<" in route:
            continue
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + route)
        else:
            yield before + route


def asked_by(client: Client, address: str) -> list[str]:
    """The SELECT statements behind a page, as they were sent."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
    sent = [query["sql"] for query in captured.captured_queries]
    return [statement for statement in sent if statement.lstrip("(").startswith(("SELECT", "WITH"))]


def walks(statement: str, values: Sequence[Any] | None = None) -> list[str]:
    """Growing tables that the database would walk through to answer a statement, apart from those that are meant."""
    found = _walked(statement, values)
    meant = {table for table, mark in MEANT.values() if mark in statement}
    return sorted((found & GROWING) - meant)


def _walked(statement: str, values: Sequence[Any] | None) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            names = dict(re.findall(r'"(\w+)" (?:AS )?"?([A-Z]\d+)"?\b', statement))
            alias = {short: table for table, short in names.items()}
            steps = [str(row[3]) for row in cursor.fetchall()]
            if "LIMIT" in statement and not any("ORDER BY" in step for step in steps):
                return set()  # in the order of the key, until the page is full
            scanned = {step.split()[1] for step in steps if step.startswith("SCAN ") and " USING " not in step}
            return {alias.get(name, name) for name in scanned}
        cursor.execute("SET LOCAL enable_seqscan = off")  # so that it stands only where no index helps
        cursor.execute(f"EXPLAIN {statement}", values)
        return set(re.findall(r"Seq Scan on (\w+)", "\n".join(str(row[0]) for row in cursor.fetchall())))
