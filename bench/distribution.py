"""Distribution: what a plan over many households costs beyond dividing the money and writing the rows.

    python bench/distribution.py [--households 10000] [--periods 4] [--rounds 3] [--server postgres://…]

"Bare" divides the same money by the same rule and writes the same shares, without rights, checks, policy or log.
"""

import argparse
import json
from datetime import date
from typing import Any
from unittest.mock import patch

import place
from clock import apart, in_turn, measured, median, table, verdict

MUST = 4.0
STATEMENTS_MUST = 120
"""So many statements at most a period takes on SQLite, however many households there are."""
VILLAGE, COUNTY = "140932100201", "140932000000"


def _households(count: int) -> None:
    """So many households of one village with their category, written plainly: they are the ground, not the case."""
    from mingchan.kernel import database
    from mingchan.lifecycle.distribution.models import Household, Standing

    first = database.reserve_ids(Household, count)
    names = ("id", "county", "division_code", "number", "head", "initials", "people", "phone_mask", "account_mask",
             "account_mark", "bank", "joined_on", "left_reason", "is_sample", "version")  # fmt: skip
    rows = (
        (first + n, "140932", VILLAGE, f"{n:05d}", f"户{n}", "", n % 6 + 1, "", "", f"{n:032d}", "", "2020-01-01", "",
         False, 1)
        for n in range(count)
    )  # fmt: skip
    database.insert_rows(Household, names, rows)
    standing = database.reserve_ids(Standing, count)
    columns = ("id", "county", "household", "category", "starts_on")
    kinds = ("LIFTED", "UNSTABLE", "BORDERLINE")
    database.insert_rows(
        Standing, columns, ((standing + n, "140932", first + n, kinds[n % 3], "2020-01-01") for n in range(count))
    )


def measure(kind: str, count: int, periods: int) -> dict[str, float]:
    """In this process: CPU seconds of all periods, and statements a period."""
    place.set_up()
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from mingchan.foundation.directory import queries as directory
    from mingchan.foundation.directory.models import Account, Party
    from mingchan.kernel import database, money
    from mingchan.lifecycle.distribution import rules, services
    from mingchan.lifecycle.distribution.drafts import PlanDraft, PolicyDraft
    from mingchan.lifecycle.distribution.models import Plan, Share
    from mingchan.lifecycle.distribution.queries import households, pool
    from mingchan.lifecycle.distribution.queries.pool import Source

    clerk, on = place.clerk(), place.DAY
    with transaction.atomic():
        _households(count)
    holder = Party.objects.filter(kind="OFFICE").order_by("pk").first()
    weights = {"LIFTED": 2, "UNSTABLE": 4, "BORDERLINE": 3}
    bounds = {"HOUSEHOLDS": (7000, 7000), "ASSETS": (3000, 3000)}
    policy = services.make_policy(
        PolicyDraft(COUNTY, "办法", date(2021, 1, 1), "NEED", tuple(weights), bounds, weights), actor=clerk, on=on
    )
    finance = directory.actor_for(Account.objects.get(username="finance"), on)
    services.file_policy(policy.pk, "备1", on, actor=finance, on=on)
    months = [(date(2025, 3 * n + 1, 1), date(2025, 3 * n + 3, 28)) for n in range(periods)]
    statements: list[int] = []

    def received(county: str, period_start: date, last_day: date) -> list[Source]:
        return [
            Source(
                f"income_entry:{period_start}",
                "receipt:1",
                "contract:1",
                holder.pk,
                VILLAGE,
                period_start,
                98_765_432_1,
            )
        ]

    def served() -> None:
        for start, last in months:
            draft = PlanDraft(holder.pk, VILLAGE, start, last, last, str(start), {"HOUSEHOLDS": 7000, "ASSETS": 3000})
            with patch.object(pool, "received", received), CaptureQueriesContext(connection) as asked:
                services.draft_plan(draft, actor=clerk, on=on)
            statements.append(len(asked))

    def bare() -> None:
        columns = ("id", "county", "plan", "round", "household", "category", "weight", "fen", "reason")
        plan = Plan(
            county="140932", year=2025, number=1, division_code=VILLAGE, holder=holder, title="裸", policy=policy,
            period_start=on, last_day=on, as_of=on, pool_fen=1, made_on=on, made_by="",
        )  # fmt: skip
        plan.save()
        for round_ in range(1, periods + 1):
            with transaction.atomic():
                Plan.objects.filter(pk=plan.pk).update(round=round_)
                listed = rules.in_order(households.candidates("140932", VILLAGE, weights, on))
                parts = money.split(69_135_802_4, [weights[one.category] for one in listed])
                first = database.reserve_ids(Share, len(listed))
                database.insert_rows(
                    Share,
                    columns,
                    (
                        (first + n, "140932", plan.pk, round_, one.id, one.category, weights[one.category], fen, "")
                        for n, (one, fen) in enumerate(zip(listed, parts, strict=True))
                    ),
                )

    spent = measured({"served": served, "bare": bare}[kind], place.server())
    return {"cpu": spent, "statements": max(statements, default=0)}


def main() -> None:
    """Run both in turn and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--periods", type=int, default=4, choices=(1, 2, 3, 4))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="")
    parser.add_argument("--here", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(measure(asked.here, asked.households, asked.periods)))
        return
    store = asked.server.rstrip("/") or "sqlite"
    most: list[float] = []

    def one(kind: str) -> float:
        size: tuple[Any, ...] = ("--households", str(asked.households), "--periods", str(asked.periods))
        found = apart("distribution.py", "--here", kind, *size, environment=place.fresh(store))
        most.append(found["statements"])
        return found["cpu"]

    found = {
        name: median(values)
        for name, values in in_turn(
            {kind: (lambda kind=kind: one(kind)) for kind in ("bare", "served")}, asked.rounds
        ).items()
    }
    ratio = found["served"] / found["bare"]
    rows = asked.households * asked.periods
    table(
        [
            ("bare", f"{found['bare'] / rows * 1e6:.1f}", "1.00", "", ""),
            ("draft_plan", f"{found['served'] / rows * 1e6:.1f}", f"{ratio:.2f}", f"≤ {MUST}", verdict(ratio, MUST)),
        ],
        ("what", "µs a share", "ratio", "must", ""),
    )
    print(f"statements a period: {max(most):.0f} (must ≤ {STATEMENTS_MUST}) {verdict(max(most), STATEMENTS_MUST)}")


if __name__ == "__main__":
    main()
