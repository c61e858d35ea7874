"""Stocktakes at size: writing down what should be there and comparing it, against the bare SQL of the same.

    python bench/stocktake.py --cards 100000

Prints for each step its time, the statements it asked, and its ratio to one bare `INSERT … SELECT` of the same lines.
Runs in a database of its own that is thrown away.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

DAY = date(2021, 1, 5)
NOON = datetime(2021, 1, 5, 4, tzinfo=UTC)


def _timed(name: str, step: Callable[[], Any], bare: float | None = None) -> tuple[Any, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        begun = perf_counter()
        made = step()
        took = perf_counter() - begun
    ratio = f"  {took / bare:6.1f} × bare" if bare else ""
    sys.stdout.write(f"{name:<34}{took:8.2f} s  {len(asked):5} statements{ratio}\n")
    return made, took


def main() -> None:
    """Make a county of so many cards, approve, count, compare."""
    parser = argparse.ArgumentParser(description="Stocktakes at size.")
    parser.add_argument("--cards", type=int, default=5000)
    size = parser.parse_args().cards
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingchan.config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _run(size)


def _run(size: int) -> None:
    from django.db import connection, transaction

    from mingchan.lifecycle.stocktake import queries, services
    from mingchan.lifecycle.stocktake.drafts import PlanDraft
    from mingchan.lifecycle.stocktake.models import Line, Plan, Task
    from mingchan.lifecycle.stocktake.tests import factories as f
    from mingchan.register.assets.tests import factories as make

    make.divisions()
    clerk, head = f.clerk(DAY), f.head(DAY)
    owner, site = make.party("偏关县工业和信息化局"), make.site()
    make.register([make.draft(f"台式电脑{number}", owner=owner, site=site) for number in range(size)])
    names = "code, name, model, unit, quantity_milli, cost_fen, division_code, site_id, place, condition, serial_no"
    plan = services.draft(PlanDraft("全县", "YEARLY", DAY, DAY, DAY, needs_signature=False), actor=clerk, on=DAY)

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO stocktake_line (plan_id, asset_id, weight, outcome, {names}) "
                f"SELECT %s, id, 0, '', {names} FROM assets_asset",
                [plan.pk],
            )
            transaction.set_rollback(True)

    _none, limit = _timed("bare INSERT … SELECT", bare)
    plan, _took = _timed("approve", lambda: services.approve(plan.pk, version=plan.version, actor=head, on=DAY), limit)
    f.member(plan, f.checker(DAY), "CHECKER")
    added = f.member(plan, f.counter("zhao", DAY), "COUNTER")
    task = Task.objects.get(plan=plan)
    services.assign(plan.pk, [task.pk], added.pk, actor=clerk, on=DAY)
    plan = services.start(plan.pk, version=plan.version, actor=clerk, on=DAY)
    codes = list(Line.objects.filter(plan=plan).order_by("code").values_list("code", flat=True))
    counter = f.counter("zhao", DAY)

    def take() -> None:
        for first in range(0, len(codes), 2000):
            events = f.found(codes[first : first + 2000], start=first + 1)
            services.take_in(task.pk, events, received_at=NOON, actor=counter, on=DAY)

    _timed("take in every event", take, limit)
    plan, _took = _timed(
        "end counting and compare",
        lambda: services.end_counting(plan.pk, reason="bench", version=plan.version, actor=clerk, on=DAY),
        limit,
    )
    plan, _took = _timed(
        "confirm", lambda: services.confirm(plan.pk, version=plan.version, actor=f.checker(DAY), on=DAY), limit
    )
    services.close(plan.pk, conclusion="相符。", version=plan.version, actor=clerk, on=DAY)
    counted, _took = _timed("latest count of every owner", lambda: queries.latest_count(head, on=DAY), limit)
    assert counted[owner].cards == size == Plan.objects.get(pk=plan.pk).matched_count


if __name__ == "__main__":
    main()
