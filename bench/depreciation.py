"""A month's depreciation: the product against the one bare statement, and against itself at another size (P3, P3b).

    python bench/depreciation.py [--rows 100000] [--rounds 3] [--server postgres://…]

The bare SQL scans the same cards, computes the month's straight line and writes the grouped sums and one narrow row for
each asset, in one transaction, into tables of its own. The product charges the second month of a book: it brings the
terms up to the register, adds up, writes the charges, vouches for them, posts and records.
"""

import argparse
import json

import place
from clock import apart, in_turn, measured, median, peak_mib, table, verdict

MUST = {"month": 2.0, "grow": 1.5}
LIFE = 96


def charge(rows: int) -> dict[str, object]:
    """In this process: a book of so many cards; the second month by the product and by bare SQL, by turns."""
    place.set_up()
    from datetime import date

    from django.db import connection, transaction
    from django.db.models import Count

    from mingchan.foundation.directory import queries as directory
    from mingchan.foundation.directory.models import Account
    from mingchan.foundation.ledger.models import Book
    from mingchan.register.assets.models import Asset
    from mingchan.register.depreciation import services

    on = date(2026, 9, 30)
    actor = directory.actor_for(Account.objects.get(username="accountant"), on=on)
    largest = Asset.objects.filter(owner__isnull=False).values("owner").annotate(n=Count("pk")).order_by("-n").first()
    book = Book.objects.get(owner=largest["owner"])
    Asset.objects.filter(owner=book.owner_id, life_months__isnull=True).update(life_months=LIFE)
    services.post(book.pk, 202607, actor=actor, on=date(2026, 7, 31))
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        kept = " WITHOUT ROWID" if sqlite else ""
        key = f"PRIMARY KEY (month, asset_id)){kept}"
        cursor.execute(f"CREATE TABLE bare_charge (month int, asset_id bigint, fen bigint, {key}")
        cursor.execute("CREATE TABLE bare_sum (month int, six_class varchar(10), owner_id bigint, fen bigint)")
    month = (
        "(CAST(substr(acquired_on, 1, 4) AS INT) * 12 + CAST(substr(acquired_on, 6, 2) AS INT))"
        if sqlite
        else "(extract(year from acquired_on)::int * 12 + extract(month from acquired_on)::int)"
    )
    due = (
        f"FROM (SELECT id, six_class, owner_id, cost_fen AS b, life_months AS life, {2026 * 12 + 8 + 1} - {month} AS k "
        f"FROM assets_asset WHERE status = 'ACTIVE' AND life_months > 0 AND owner_id = {book.owner_id}) a "
        "WHERE k BETWEEN 1 AND life"
    )
    fen = "(b * k / life - b * (k - 1) / life)"

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO bare_sum SELECT 8, six_class, owner_id, SUM({fen}) {due} GROUP BY 2, 3")
            cursor.execute(f"INSERT INTO bare_charge SELECT 8, id, {fen} {due}")

    server = place.server()
    answer: dict[str, object] = {
        "bare": measured(bare, server),
        "month": measured(lambda: services.post(book.pk, 202608, actor=actor, on=date(2026, 8, 31)), server),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM bare_charge")
        answer["due"] = cursor.fetchone()[0]
    return answer | {"peak": peak_mib(), "rows": rows}


def main() -> None:
    """Run both sizes in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="", help="a PostgreSQL cluster of its own, else SQLite")
    parser.add_argument("--here", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(charge(asked.here)))
        return
    store = asked.server.rstrip("/") or "sqlite"
    kept: dict[int, list[dict[str, float]]] = {asked.rows: [], asked.small: []}

    def run(rows: int) -> float:
        found = apart("depreciation.py", "--here", str(rows), environment=place.fresh(store, rows))
        kept[rows].append(found)
        return float(found["month"])

    in_turn({str(rows): lambda rows=rows: run(rows) for rows in (asked.small, asked.rows)}, asked.rounds)
    each = {
        rows: {name: median([one[name] / one["due"] for one in found]) for name in ("bare", "month")}
        for rows, found in kept.items()
    }
    large, small = each[asked.rows], each[asked.small]
    ratio, grow = large["month"] / large["bare"], large["month"] / small["month"]
    lines = [
        ("bare SQL", f"{large['bare'] * 1e6:.2f}", "1.00", "", ""),
        ("a month, P3", f"{large['month'] * 1e6:.2f}", f"{ratio:.2f}", MUST["month"], verdict(ratio, MUST["month"])),
        (f"{asked.rows:,} / {asked.small:,}, P3b", "", f"{grow:.2f}", MUST["grow"], verdict(grow, MUST["grow"])),
        ("peak memory, MiB", "", str(max(one["peak"] for one in kept[asked.rows])), "", ""),
    ]
    table(lines, ("what", "µs an asset", "ratio", "must", ""))


if __name__ == "__main__":
    main()
