"""Issuing receivables: 100,000 dues of 100 contracts in one act, the product against the bare SQL of its change.

    python bench/income.py [--rows 100000] [--rounds 3] [--server postgres://…]

The bare SQL is what any program must write for it: the receivables in one `INSERT … SELECT` from the charges,
and two ledger lines for each under one voucher, in one transaction, in a copy of the same county with its indexes and
triggers. The product also keeps a record in the log for each receivable. Every run is a process of its own that begins
from an untouched county (its start is not counted).
"""

import argparse
import json
from datetime import timedelta

import place
from clock import apart, in_turn, measured, median, peak_mib, table, verdict

MUST = {"issue": 8.0, "statements": 600}
CONTRACTS = 100
FEN = 100_000


def fill(rows: int) -> int:
    """Contracts with charges, as rows; the lessor's book is open. Returns the book's id."""
    from mingchan.foundation.directory.models import Account, Party
    from mingchan.foundation.ledger import services as ledger
    from mingchan.kernel import database
    from mingchan.lifecycle.operation.models import Charge, Contract
    from mingchan.lifecycle.operation.tests import factories as make

    clerk = place.clerk()
    bureau = Party.objects.get(pk=Account.objects.get(username="bureau_clerk").office_id)
    book = ledger.ensure_book(bureau.pk, bureau.name, bureau.division_code, actor=clerk, on=place.DAY)
    first = place.DAY - timedelta(days=3000)
    for serial in range(1, CONTRACTS + 1):
        make.contract([], operator=make.company(f"经营者{serial}"), starts_on=first, serial=serial, deposit_fen=0)
    ids = list(Contract.objects.order_by("pk").values_list("pk", flat=True))
    columns = (
        "county", "contract", "edition", "key", "kind", "starts_on", "last_day", "due_on", "fen", "made_on",
    )  # fmt: skip
    days = [(first + timedelta(days=n % 2900)).isoformat() for n in range(rows // CONTRACTS)]
    database.insert_rows(
        Charge,
        columns,
        (
            (clerk.county, key, 1, f"B{n}", "OTHER", day, day, day, FEN, day)
            for key in ids
            for n, day in enumerate(days)
        ),
    )
    return int(book.pk)


def product(rows: int) -> dict[str, object]:
    """In this process: one act over all dues."""
    place.set_up()
    from django.db import connection

    from mingchan.lifecycle.income import services
    from mingchan.lifecycle.income.models import Receivable

    fill(rows)
    clerk, asked = place.clerk(), []

    def count(execute, sql, parameters, many, context):
        asked.append(1)
        return execute(sql, parameters, many, context)

    until = place.DAY - timedelta(days=1)
    with connection.execute_wrapper(count):
        cpu = measured(lambda: services.issue(until, actor=clerk, on=place.DAY), place.server())
    issued = Receivable.objects.filter(kind="OTHER").count()
    return {"cpu": cpu, "rows": issued, "statements": len(asked), "rss": peak_mib()}


def bare(rows: int) -> dict[str, object]:
    """In this process: the same rows by hand."""
    place.set_up()
    from django.db import connection, transaction

    from mingchan.foundation.ledger.models import AccountRole
    from mingchan.lifecycle.income.models import Billing

    book = fill(rows)
    day = place.DAY.isoformat()
    roles = dict(AccountRole.objects.filter(book=book).values_list("role", "account_id"))
    billing = Billing.objects.create(
        county="140932", until=place.DAY, count=rows, fen=rows * FEN, issued_on=place.DAY, issued_by="手工"
    )
    as_date = "%s" if connection.vendor == "sqlite" else "CAST(%s AS date)"
    flag = "0" if connection.vendor == "sqlite" else "FALSE"
    month = place.DAY.year * 100 + place.DAY.month

    def change() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO income_receivable (county, year, number, billing_id, contract_id, key, kind, starts_on, "
                "last_day, due_on, fen, settled_fen, operator_id, creditor_id, division_code, mode, issued_on, "
                "is_sample) "
                f"SELECT c.county, %s, ROW_NUMBER() OVER (ORDER BY c.due_on, c.id), %s, c.contract_id, c.key, c.kind, "
                "c.starts_on, c.last_day, c.due_on, c.fen, 0, k.operator_id, k.lessor_id, k.division_code, k.mode, "
                f"{as_date}, {flag} FROM operation_charge c JOIN operation_contract k ON k.id = c.contract_id "
                "WHERE c.kind = 'OTHER'",
                [place.DAY.year, billing.pk, day],
            )
            cursor.execute(
                "INSERT INTO ledger_voucher (county, book_id, number, kind, day, month, division_code, summary, "
                "source, key, sealed, line_count, total_fen, lines_digest, line_marks, posted_by, recorded_at) VALUES "
                f"('140932', %s, 1, 'JI', {as_date}, %s, '140932000000', '手工', 'billing:1', 'hand', 0, %s, %s, "
                "'', %s, '手工', CURRENT_TIMESTAMP) RETURNING id",
                [book, day, month, 2 * rows, rows * FEN, b""],
            )
            voucher = cursor.fetchone()[0]
            for place_in, (role, side) in enumerate((("RENT_RECEIVABLE", "debit"), ("RENT_EARNED", "credit"))):
                debit, credit = ("fen", "0") if side == "debit" else ("0", "fen")
                cursor.execute(
                    "INSERT INTO ledger_line (voucher_id, book_id, account_id, month, line_no, debit_fen, credit_fen, "
                    f"subject, summary) SELECT %s, %s, %s, %s, 2 * ROW_NUMBER() OVER (ORDER BY id) - {1 - place_in}, "
                    f"{debit}, {credit}, 'receivable:' || id, '' FROM income_receivable WHERE kind = 'OTHER'",
                    [voucher, book, roles[role], month],
                )
            cursor.execute("UPDATE ledger_voucher SET sealed = 1 WHERE id = %s", [voucher])

    cpu = measured(change, place.server())
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM income_receivable WHERE kind = 'OTHER'")
        return {"cpu": cpu, "rows": cursor.fetchone()[0]}


def main() -> None:
    """Run every case in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="", help="a PostgreSQL cluster of its own, else SQLite")
    parser.add_argument("--here", choices=("product", "bare"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps({"product": product, "bare": bare}[asked.here](asked.rows)))
        return
    store = asked.server.rstrip("/") or "sqlite"
    kept: dict[str, list[dict[str, float]]] = {"product": [], "bare": []}

    def run(case: str) -> float:
        found = apart("income.py", "--here", case, "--rows", str(asked.rows), environment=place.fresh(store))
        assert found["rows"] == asked.rows, found
        kept[case].append(found)
        return float(found["cpu"])

    times = in_turn({"bare SQL": lambda: run("bare"), "issue": lambda: run("product")}, asked.rounds)
    ratio = median(times["issue"]) / median(times["bare SQL"])
    statements = max(found["statements"] for found in kept["product"])
    lines = [
        ("bare SQL", f"{median(times['bare SQL']) / asked.rows * 1e6:.0f}", "1.00", "", ""),
        ("issue", f"{median(times['issue']) / asked.rows * 1e6:.0f}", f"{ratio:.2f}", f"≤ {MUST['issue']}",
         verdict(ratio, MUST["issue"])),
        ("statements", "", str(statements), f"≤ {MUST['statements']}", verdict(statements, MUST["statements"])),
        ("peak memory, MiB", "", str(max(one["rss"] for one in kept["product"])), "", ""),
    ]  # fmt: skip
    table(lines, ("what", "µs a receivable", "ratio", "must", ""))


if __name__ == "__main__":
    main()
