"""No page walks through a table that grows with the register: each begins at an index (a forgotten one fails here)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from mingchan.register.assets import queries as assets
from tests.architecture import plans

COUNTY = "140932"
SEERS = ("bureau_clerk", "accountant", "audit", "security_admin", "audit_admin")
"""Roles that between them may open every list."""


@pytest.fixture
def filled(sample_county: Any, actor_of: Callable[[str], Any]) -> None:
    """Some hundreds of cards with rights, records and postings, and the planner's statistics about them."""
    from mingchan.foundation.directory import services as directory
    from mingchan.foundation.directory.drafts import PartyDraft
    from mingchan.kernel.refs import Ref
    from mingchan.register.assets import services
    from mingchan.register.assets.drafts import CardDraft, SiteDraft

    actor, day = actor_of("bureau_clerk"), date(2020, 3, 10)
    town = f"{COUNTY}100000"
    drafts = [PartyDraft("PERSON", f"村民{n}", town) for n in range(400)]
    people = list(directory.ensure_parties(drafts, actor=actor, on=day, source="batch:1").values())
    offices = [directory.create_office(f"偏关县第{n}办公室", actor=actor, on=day).pk for n in range(5)]
    stations = [SiteDraft(f"服务站{n}", town, "LOGISTICS", "TOWN") for n in range(20)]
    sites = list(services.ensure_sites(stations, actor=actor, on=day).values())
    for batch in range(3):
        services.register(
            [
                [
                    CardDraft(
                        f"物{n}", "LOGISTICS", "TOWN", town, 1000, 100 + n % 97, class_code=f"A02{n % 20:02d}0100",
                        acquired_on=date(2019, 1 + n % 12, 1 + n % 28), site=sites[n % 20] if n % 8 else None,
                        owner=offices[n % 5] if n % 30 else None, user=people[n % 7],
                        operator=people[n % 11] if n % 2 else None, keeper=people[n % 400] if n % 50 else None,
                        condition="在用" if n % 9 else "闲置",
                    )
                    for n in range(400)
                ]
            ],
            source=Ref("batch", batch + 1), summary="资产明细", actor=actor, on=day,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_no_page_walks_through_a_growing_table(filled: None, log_in: Callable[[str], Any]) -> None:
    found: dict[str, str] = {}
    seen: set[str] = set()
    for role in SEERS:
        client = log_in(role)
        for address in plans.addresses():
            for statement in plans.asked_by(client, address):
                if statement not in seen:
                    seen.add(statement)
                    for table in plans.walks(statement):
                        found[f"{address} as {role}: {table}"] = statement
    assert len(seen) > 100
    assert not found, "\n\n".join(f"{where}\n{statement}" for where, statement in found.items())


def test_no_declared_query_of_the_register_walks_through_it(filled: None) -> None:
    found = {}
    for name, query in assets.declared_queries(COUNTY):
        statement, values = query.query.sql_with_params()
        if walked := plans.walks(statement, values):
            found[name] = walked
    assert not found


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("assets_asset", "brand", "联想"),
        ("distribution_household", "bank", "某银行"),
        ("distribution_share", "reason", "因病"),
        ("performance_evaluation", "document_no", "3号"),
    ],
)
def test_a_walk_is_seen(filled: None, table: str, column: str, value: str) -> None:
    statement = f'SELECT COUNT(*) FROM "{table}" WHERE "{table}"."{column}" = \'{value}\''
    assert plans.walks(statement) == [table]
