"""The log: what its hashes cost when many records are appended, and what verifying costs beyond reading.

    python bench/audit_log.py [--records 1000000] [--rounds 3] [--server postgres://…] [--sm3]

`--sm3` switches the second tree on first, so that every record is hashed with SM3 too. "Without hashes" writes the same
rows (record and detail, encoded all the same) in the program's own way, with empty digests and no tree.
"""

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import place
from clock import apart, in_turn, measured, median, table, verdict

MUST = {False: {"append": 1.5, "verify": 3.0}, True: {"append": 1.9, "verify": 4.0}}
"""By whether SM3 is on."""
PART = 5000


def _documents(count: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for number in range(1, count + 1):
        yield (
            f"bench:{number}",
            "140932100000",
            {
                "acquired_on": "2019-05-10",
                "code": f"140932-2019-{number:06d}",
                "cost_fen": number * 100,
                "county": "140932",
                "division_code": "140932100000",
                "id": number,
                "name": "台式电脑",
                "quantity_milli": 1000,
                "source": "batch:1",
                "unit": "台",
            },
        )


def measure(kind: str, count: int, *, with_sm3: bool) -> dict[str, float]:
    """In this process: seconds of one case."""
    place.set_up()
    from django.db import transaction

    from mingchan.foundation.evidence import services as evidence
    from mingchan.foundation.evidence.models import Detail, Record
    from mingchan.kernel import canonical, database
    from mingchan.register.assets import events

    actor, server = place.clerk(), place.server()
    rows = list(_documents(count))
    if with_sm3:
        evidence.switch_on_sm3(actor=place.account("system_admin"), on=place.DAY)
    first = Record.objects.count()

    def hashed() -> None:
        with transaction.atomic():
            evidence.record_many(events.REGISTERED, rows, actor=actor, on=place.DAY, facts={"summary": "资产明细"})

    def plain() -> None:
        columns = ("seq", "body", "leaf_sha256", "mac", "key_id", "detail_id", "act", "obj", "actor", "on", "at",
                   "region")  # fmt: skip
        day, at, empty = place.DAY.isoformat(), "2026-06-30T00:00:00.000000Z", bytearray(32)
        facts = b',"facts":' + canonical.encode({"actor": actor.name, "summary": "资产明细"}) + b"}"
        form = b'{"act":"%s","actor":"account:1","at":"%s","obj":"%s","on":"%s","region":"%s","seq":%d,"v":1}'
        act = events.REGISTERED.code
        seq, source = first, iter(rows)
        with transaction.atomic():
            while part := list(islice(source, PART)):
                records, details = [], []
                for obj, division, after in part:
                    body = form % (act.encode(), at.encode(), obj.encode(), day.encode(), division.encode(), seq)
                    whole = bytearray(body)
                    records.append((seq, whole, empty, empty, "bench", seq, act, obj, "account:1", day, at, division))
                    details.append((seq, empty, bytearray(b'{"after":') + canonical.encode(after) + facts))
                    seq += 1
                database.insert_rows(Record, columns, records)
                database.insert_rows(Detail, ("id", "salt", "body"), details)

    def read() -> None:
        for model in (Record, Detail):
            key = model._meta.pk.name
            last = -1
            while part := list(model.objects.filter(**{f"{key}__gt": last}).order_by(key).values_list()[:PART]):
                last = part[-1][0]

    if kind in ("hashed", "plain"):
        return {"cpu": measured({"hashed": hashed, "plain": plain}[kind], server)}
    hashed()
    answer = {"read": measured(read, server)}
    answer["verify"] = measured(lambda: evidence.verify([]), server)
    return answer


def main() -> None:
    """Run the cases in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="")
    parser.add_argument("--sm3", action="store_true")
    parser.add_argument("--here", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(measure(asked.here, asked.records, with_sm3=asked.sm3)))
        return
    store = asked.server.rstrip("/") or "sqlite"
    kept: list[dict[str, float]] = []
    must = MUST[asked.sm3]
    more = ("--sm3",) if asked.sm3 else ()

    def one(kind: str) -> dict[str, float]:
        called = ("--here", kind, "--records", str(asked.records), *more)
        return apart("audit_log.py", *called, environment=place.fresh(store))

    def verified() -> float:
        kept.append(one("verify"))
        return kept[-1]["verify"]

    cases = {kind: (lambda kind=kind: one(kind)["cpu"]) for kind in ("plain", "hashed")}
    found = {name: median(values) for name, values in in_turn({**cases, "verify": verified}, asked.rounds).items()}
    read = median([one["read"] for one in kept])
    lines = []
    for name, spent, base, least in (
        ("append without hashes", found["plain"], found["plain"], None),
        ("append with hashes", found["hashed"], found["plain"], must["append"]),
        ("read all rows", read, read, None),
        ("verify", found["verify"], read, must["verify"]),
    ):
        said = ("", "") if least is None else (f"≤ {least}", verdict(spent / base, least))
        lines.append((name, f"{spent / asked.records * 1e6:.1f}", f"{spent / base:.2f}", *said))
    table(lines, ("what", "µs a record", "ratio", "must", ""))


if __name__ == "__main__":
    main()
