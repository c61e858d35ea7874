"""Confirmation of rights: one batch over many assets, the product against the bare SQL of its change.

    python bench/confirm_rights.py [--rows 100000] [--rounds 3] [--server postgres://…]

Three people draft, propose, check and approve ownership and supervision of every card. The bare SQL is what any program
must do for it: set the owner on the cards, close the rights that were open, open the new ones, in three statements and
one transaction, in a copy of the same register with its indexes and triggers. Every run is a process of its own that
begins from an untouched county (its start is not counted).
"""

import argparse
import json

import place
from clock import apart, in_turn, measured, median, peak_mib, table, verdict

MUST = {"approve": 12.0, "whole": 15.0, "statements": 400}
SMALL = 10


def holders() -> tuple[int, int]:
    """The bureau that owns and the finance bureau that supervises."""
    from mingchan.foundation.directory.models import Account

    return (
        Account.objects.get(username="bureau_clerk").office_id,
        Account.objects.get(username="finance").office_id,
    )


def actor(role: str) -> object:
    """A role's sample account on the benchmark's day."""
    from mingchan.foundation.directory import queries as directory
    from mingchan.foundation.directory.models import Account

    return directory.actor_for(Account.objects.get(username=role), place.DAY)


def product(rows: int) -> dict[str, object]:
    """In this process: a batch over so many cards from draft to certificate."""
    place.set_up()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from mingchan.register.assets.models import Asset, Right
    from mingchan.register.assets.queries import RegisterFilter
    from mingchan.register.rights import services
    from mingchan.register.rights.drafts import ConfirmationDraft, HolderDraft

    bureau, finance = holders()
    clerk, reviewer, head = (actor(role) for role in ("bureau_clerk", "bureau_reviewer", "bureau_head"))
    content = ConfirmationDraft("确权", "批复", (HolderDraft("OWNERSHIP", bureau), HolderDraft("SUPERVISION", finance)))
    chosen = list(Asset.objects.order_by("pk").values_list("pk", flat=True)[:rows]) if rows <= SMALL else []
    batch, server = None, place.server()
    answer: dict[str, object] = {}

    def propose() -> None:
        nonlocal batch
        batch = services.draft(content, RegisterFilter(), chosen, actor=clerk, on=place.DAY)
        batch = services.propose(batch.pk, batch.version, actor=clerk, on=place.DAY)
        batch = services.check(batch.pk, batch.version, batch.digest, actor=reviewer, on=place.DAY)

    answer["before"] = measured(propose, server)
    approve = lambda: services.approve(batch.pk, batch.version, batch.digest, actor=head, on=place.DAY)  # noqa: E731
    if rows <= SMALL:
        with CaptureQueriesContext(connection) as asked:
            answer["cpu"] = measured(approve, server)
    else:
        asked = Counted()
        with connection.execute_wrapper(asked):
            answer["cpu"] = measured(approve, server)
    answer |= {"statements": len(asked), "rss": peak_mib()}
    answer["rows"] = Right.objects.filter(source=f"confirmation:{batch.pk}", kind="OWNERSHIP").count()
    return answer


class Counted:
    """Counts statements without keeping them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute, sql, parameters, many, context):
        self.count += 1
        return execute(sql, parameters, many, context)

    def __len__(self) -> int:
        return self.count


def bare(rows: int) -> dict[str, object]:
    """In this process: the same change by hand, for every card of the register."""
    place.set_up()
    from django.db import connection, transaction

    bureau, finance = holders()
    day, server = place.DAY.isoformat(), place.server()
    columns = (
        "asset_id, kind, party_id, share_numerator, share_denominator, valid_from, basis, source, document"
    )  # fmt: skip

    def change() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE assets_asset SET owner_id = %s, version = version + 1 WHERE status = 'ACTIVE'", [bureau]
            )
            cursor.execute(
                "UPDATE assets_right SET valid_to = %s WHERE valid_to IS NULL AND kind IN ('OWNERSHIP', 'SUPERVISION')",
                [day],
            )
            cursor.execute(
                f"INSERT INTO assets_right ({columns}) SELECT a.id, k.kind, k.party, 1, 1, "
                f"{'%s' if connection.vendor == 'sqlite' else 'CAST(%s AS date)'}, '批复', 'confirmation:1', '' "
                "FROM assets_asset a CROSS JOIN (SELECT 'OWNERSHIP' AS kind, %s AS party UNION ALL "
                "SELECT 'SUPERVISION', %s) k WHERE a.status = 'ACTIVE'",
                [day, bureau, finance],
            )

    cpu = measured(change, server)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM assets_right WHERE source = 'confirmation:1' AND kind = 'OWNERSHIP'")
        return {"cpu": cpu, "rows": cursor.fetchone()[0]}


def main() -> None:
    """Run every case in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="", help="a PostgreSQL cluster of its own, else SQLite")
    parser.add_argument("--here", choices=("product", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--of", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps({"product": product, "bare": bare}[asked.here](asked.of or asked.rows)))
        return
    store = asked.server.rstrip("/") or "sqlite"
    kept: dict[str, list[dict[str, float]]] = {"product": [], "bare": [], "few": []}

    def run(name: str, case: str, rows: int) -> float:
        environment = place.fresh(store, asked.rows)
        found = apart("confirm_rights.py", "--here", case, "--of", str(rows), environment=environment)
        assert found["rows"] == rows, found
        kept[name].append(found)
        return float(found["cpu"])

    cases = {
        "bare SQL": lambda: run("bare", "bare", asked.rows),
        "approve": lambda: run("product", "product", asked.rows),
    }
    found = {name: median(values) for name, values in in_turn(cases, asked.rounds).items()}
    run("few", "product", SMALL)
    base, rows = found["bare SQL"], asked.rows
    before = median([one["before"] for one in kept["product"]])
    statements, few = kept["product"][0]["statements"], kept["few"][0]["statements"]
    whole = found["approve"] + before
    lines = [
        ("bare SQL", f"{base / rows * 1e6:.0f}", "1.00", "", ""),
        ("approve", f"{found['approve'] / rows * 1e6:.0f}", f"{found['approve'] / base:.2f}", f"≤ {MUST['approve']}",
         verdict(found["approve"] / base, MUST["approve"])),
        ("draft to certificate", f"{whole / rows * 1e6:.0f}", f"{whole / base:.2f}", f"≤ {MUST['whole']}",
         verdict(whole / base, MUST["whole"])),
        (f"statements for {rows:,}", "", str(statements), f"≤ {MUST['statements']}",
         verdict(statements, MUST["statements"])),
        (f"statements for {SMALL}", "", str(few), "", ""),
        ("peak memory, MiB", "", str(max(one["rss"] for one in kept["product"])), "", ""),
    ]  # fmt: skip
    table(lines, ("what", "µs an asset", "ratio", "must", ""))


if __name__ == "__main__":
    main()
