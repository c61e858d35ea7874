"""No declared query of the list walks through the whole table: each begins at an index (a forgotten one fails)."""

from datetime import date

import pytest
from django.db import connection

from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries
from mingchan.register.assets.tests import factories as make

pytestmark = pytest.mark.django_db
STEPS = {"owner": 7, "user": 11, "operator": 13, "keeper": 1}


@pytest.fixture
def filled(db: None) -> None:
    """Enough cards, and statistics about them, for the planner to have a choice."""
    make.divisions()
    parties = [make.party(f"单位{n}") for n in range(60)]
    sites = [make.site(f"站点{n}") for n in range(40)]
    for batch in range(10):
        make.register(
            [
                make.draft(
                    f"物{n}",
                    cost_fen=n * 7 % 1000,
                    class_code=f"A02{n % 30:02d}0100" if n % 31 else "",
                    division_code=f"{make.COUNTY}{101 + n % 10}{200 + n % 23}",
                    acquired_on=date(2019, 1 + n % 12, 1 + n % 28),
                    **({name: parties[n * step % 60] for name, step in STEPS.items()} if n % 40 else {}),
                    site=sites[n % 40],
                    condition={1: "闲置", 2: "损坏"}.get(n % 41, "在用"),
                )
                for n in range(batch * 200, batch * 200 + 200)
            ],
            source=Ref("batch", batch + 1),
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_every_declared_query_is_answered_from_an_index(filled: None) -> None:
    scanned = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    for name, query in queries.declared_queries(make.COUNTY):
        plan = query.explain()
        if connection.vendor == "postgresql":
            bad = "Seq Scan on assets_asset" in plan
        else:
            bad = any(
                line.split(" ", 3)[-1].startswith("SCAN assets_asset") and " USING " not in line
                for line in plan.splitlines()
            )
        if bad:
            scanned.append(f"{name}: {plan}")
    assert not scanned, "\n".join(scanned)
    assert sum(1 for _declared in queries.declared_queries(make.COUNTY)) > 50
