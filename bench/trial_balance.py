"""The trial balance at one size of the ledger and at another, and posting with the month balances kept (P4, P4b).

    python bench/trial_balance.py [--small 2000] [--large 20000] [--rounds 3]      # full: --small 20000 --large 2000000

Lines are posted by the program in vouchers of 2,000 lines over twelve months. P4b holds a posting against the same
posting whose month balances aren't written.
"""

import argparse
import json
from contextlib import nullcontext
from unittest.mock import patch

import place
from clock import apart, in_turn, measured, median, repeated, table, verdict

MUST = {"grow": 1.5, "summary": 1.3}
A_VOUCHER = 2000


def ledger(lines: int) -> dict[str, float]:
    """In this process: a book of so many lines; the trial balance of its year."""
    place.set_up()
    from datetime import date

    from django.db import connection

    from mingchan.foundation.ledger import queries, services
    from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
    from mingchan.foundation.ledger.models import Book
    from mingchan.kernel.refs import Ref

    actor, server = place.account("accountant"), place.server()
    office = actor_office()
    book = services.ensure_book(office.pk, office.name, office.division_code, actor=actor, on=date(2025, 1, 1))
    sides = [LineDraft("", "5001", 7, 0), LineDraft("", "160202", 0, 7)] * (A_VOUCHER // 2)

    def post(number: int) -> None:
        day = date(2025, number % 12 + 1, 15)
        draft = VoucherDraft(book.pk, day, "性能基准", sides, Ref("batch", 1), f"bench:{number}")
        services.post(draft, actor=actor, on=place.DAY)

    def many(first: int) -> None:
        for number in range(first, first + 5):
            post(number)

    count = max(1, lines // A_VOUCHER)
    for number in range(count):
        post(number)
    kept = measured(lambda: many(count), server)
    real = type(connection.cursor()).executemany

    def without(self, statement, rows):
        return None if "ledger_monthbalance" in statement else real(self, statement, rows)

    with patch.object(type(connection.cursor()), "executemany", without) if lines else nullcontext():
        bare = measured(lambda: many(count + 5), server)
    Book.objects.get(pk=book.pk)
    shown = repeated(lambda: queries.trial_balance([book.pk], 202501, 202512), server=server)
    return {"shown": shown, "kept": kept, "bare": bare}


def actor_office() -> object:
    """The accountant's office."""
    from mingchan.foundation.directory.models import Account

    return Account.objects.get(username="accountant").office


def main() -> None:
    """Run both sizes in turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=2_000)
    parser.add_argument("--large", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="", help="a PostgreSQL cluster of its own, else SQLite")
    parser.add_argument("--here", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(ledger(asked.here)))
        return
    store = asked.server.rstrip("/") or "sqlite"
    kept: dict[int, list[dict[str, float]]] = {asked.small: [], asked.large: []}

    def run(lines: int) -> float:
        kept[lines].append(apart("trial_balance.py", "--here", str(lines), environment=place.fresh(store, 0)))
        return kept[lines][-1]["shown"]

    found = in_turn({str(lines): lambda lines=lines: run(lines) for lines in kept}, asked.rounds)
    small, large = median(found[str(asked.small)]), median(found[str(asked.large)])
    summary = median([one["kept"] / one["bare"] for one in kept[asked.large]])
    grow = large / small
    lines = [
        (f"trial balance, {asked.small:,} lines", f"{small * 1e3:.2f} ms", "1.00", "", ""),
        (f"trial balance, {asked.large:,} lines, P4", f"{large * 1e3:.2f} ms", f"{grow:.2f}", f"≤ {MUST['grow']}",
         verdict(grow, MUST["grow"])),
        ("posting with balances / without, P4b", "", f"{summary:.2f}", f"≤ {MUST['summary']}",
         verdict(summary, MUST["summary"])),
    ]  # fmt: skip
    table(lines, ("what", "", "ratio", "must", ""))


if __name__ == "__main__":
    main()
