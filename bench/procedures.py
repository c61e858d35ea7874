"""Matters: what a decision costs beyond its bare rows and the engine's own step, and a desk with fifty tasks.

    python bench/procedures.py [--cases 1000] [--rounds 3] [--server postgres://…]

"Bare" takes the engine's step alone and writes the same rows with plain SQL: no rule, no record in the log, no digest.
"""

import argparse
import json
from typing import Any

import place
from clock import apart, in_turn, measured, median, table, verdict

MUST = {"decide": 6.0, "statements": 40}
DECIDED = 40


def measure(kind: str, cases: int) -> dict[str, float]:
    """In this process: CPU seconds of one decision, or statements and seconds of a desk."""
    place.set_up()
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from mingchan.foundation.directory import queries as directory
    from mingchan.foundation.directory.models import Account
    from mingchan.foundation.procedures import engine, services
    from mingchan.foundation.procedures.models import Case, Task

    server = place.server()
    reviewer = directory.actor_for(Account.objects.get(username="bureau_reviewer"), place.DAY)
    for number in range(cases):
        services.start("general", title=f"事项 {number}", actor=place.clerk(), on=place.DAY)
    tasks = list(Task.objects.filter(status="WAITING", node="review").select_related("case").order_by("id")[:DECIDED])

    def decided() -> None:
        for task in tasks:
            services.decide(task.pk, answer="AGREE", version=task.case.version, actor=reviewer, on=place.DAY)

    def bare() -> None:
        for task in tasks:
            run = engine.complete(task.case.run, task.token, {"review": "AGREE"}, lambda _code, _facts: "")
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE procedures_task SET status = 'DONE', closed_on = %s WHERE id = %s",
                               [place.DAY, task.pk])  # fmt: skip
                cursor.execute("UPDATE procedures_case SET run = %s, version = version + 1 WHERE id = %s",
                               [run.text, task.case_id])  # fmt: skip
                Task.objects.bulk_create([Task(
                    case_id=task.case_id, county=task.county, division_code=task.division_code, node="head",
                    token=f"bare{task.pk}", name="批准", role="bureau_head", kind="approval", opened_on=place.DAY,
                )])  # fmt: skip

    if kind != "desk":
        return {"seconds": measured(decided if kind == "decide" else bare, server) / len(tasks)}
    client = Client(HTTP_HOST="localhost")
    client.force_login(Account.objects.get(username="bureau_reviewer"))
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        status = client.get("/").status_code
    assert status == 200, status
    return {
        "seconds": measured(lambda: client.get("/"), server),
        "statements": len(asked),
        "open": Case.objects.filter(status="RUNNING").count(),
    }


def main() -> None:
    """Run the cases in turn and print ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="sqlite")
    parser.add_argument("--measure", default="")
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure, asked.cases)))
        return

    def run(kind: str, cases: int) -> dict[str, Any]:
        return apart("procedures.py", "--measure", kind, "--cases", str(cases), environment=place.fresh(asked.server))

    found = in_turn(
        {kind: lambda kind=kind: run(kind, asked.cases)["seconds"] for kind in ("decide", "bare")}, asked.rounds
    )
    few, many = run("desk", 50), run("desk", asked.cases)
    ratio = median(found["decide"]) / median(found["bare"])
    table(
        [
            ["a decision / engine and bare rows", f"{ratio:.1f}", verdict(ratio, MUST["decide"])],
            ["statements of a desk, 50 open", few["statements"], verdict(few["statements"], MUST["statements"])],
            [f"statements of a desk, {many['open']} open", many["statements"],
             verdict(many["statements"], few["statements"])],
            [f"a desk, {many['open']} open / 50 open", f"{many['seconds'] / few['seconds']:.1f}", ""],
        ],
        ["what", "found", ""],
    )  # fmt: skip


if __name__ == "__main__":
    main()
