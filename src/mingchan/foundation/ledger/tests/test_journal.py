"""Another program adds the journal up again: hledger must come to the same balances to the fen."""

import csv
import io
import os
import shutil
import subprocess
from datetime import date

import pytest

from mingchan.foundation.ledger import queries, services
from mingchan.foundation.ledger.drafts import LineDraft
from mingchan.foundation.ledger.models import Account, Book
from mingchan.foundation.ledger.queries import journal
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor

HLEDGER = shutil.which("hledger")
needs_hledger = pytest.mark.skipif(
    HLEDGER is None and not os.environ.get("CI"), reason="hledger is not installed (apt-get install hledger)"
)


def hledger(text: str, *arguments: str) -> str:
    assert HLEDGER is not None, "hledger is not installed (apt-get install hledger)"
    done = subprocess.run(
        [HLEDGER, "-f", "-", *arguments],
        input=text.encode(),
        capture_output=True,
        env={"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def to_fen(text: str) -> int:
    number = text.replace(" CNY", "").replace(",", "").strip()
    if number in ("", "0"):
        return 0
    sign = -1 if number.startswith("-") else 1
    whole, _dot, cents = number.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int((cents + "00")[:2]))


@needs_hledger
def test_hledger_recomputes_every_balance(book: Book, actor: Actor) -> None:
    other = factories.bureau_book(actor, name="名称: 带；分号 ; 和|竖线  双空格")
    for index in range(12):
        factories.posted(
            book if index % 3 else other,
            actor,
            key=f"k{index}",
            day=date(2020, 1 + index, 5),
            summary=f"(1) 购置 ; 备注: | {index}\n=1+1",
            lines=[("160102", 480_001 + index, 0), ("160101", 3, 0), ("4001", 0, 480_004), ("2302", 0, index)]
            if index
            else [("160102", 7, 0), ("4001", 0, 7)],
        )
    paid = factories.draft(book, [("5001", 900, 0), ("1002", 0, 900)], key="paid", day=date(2020, 12, 6))
    services.post(
        paid._replace(budget=[LineDraft("", "7101", 900), LineDraft("", "8001", 0, 900)]),
        actor=actor,
        on=date(2020, 12, 6),
    )
    reversed_ = factories.posted(book, actor, key="wrong", day=date(2020, 12, 6))
    services.reverse(reversed_.pk, "错记", actor=actor, on=date(2020, 12, 7))
    text = "".join(queries.hledger_journal([book.pk, other.pk]))

    rows = csv.reader(io.StringIO(hledger(text, "balance", "--flat", "--no-total", "--empty", "-O", "csv")))
    theirs = {name: to_fen(amount) for name, amount in rows if name != "account"}
    ours = {}
    for each in (book, other):
        names = {code: (name, up) for code, name, up in each.accounts.values_list("code", "name", "parent_code")}
        for row in queries.trial_balance([each.pk], 201901, 202012).rows:
            if row.is_leaf and (row.debit_fen or row.credit_fen):
                ours[journal.account_name(each, row.code, names)] = row.closing_fen
    assert {name: fen for name, fen in theirs.items() if fen} == {name: fen for name, fen in ours.items() if fen}
    assert len(ours) == 12
    assert text.count("\n2020-") == 16


@needs_hledger
def test_hledger_finds_a_journal_that_does_not_balance() -> None:
    with pytest.raises(AssertionError, match="balance"):
        hledger("2020-03-01 x\n    a  1.00 CNY\n    b  -1.01 CNY\n", "balance")


def test_amounts_are_exact() -> None:
    assert [journal.amount(fen) for fen in (0, 5, -5, 123_456, -100, 2**53)] == [
        "0.00 CNY", "0.05 CNY", "-0.05 CNY", "1234.56 CNY", "-1.00 CNY", "90071992547409.92 CNY",
    ]  # fmt: skip


def test_accounts_are_named_from_the_book_down(book: Book) -> None:
    names = {a.code: (a.name, a.parent_code) for a in Account.objects.filter(book=book)}
    assert journal.account_name(book, "160102", names) == (
        f"账套{book.pk} 偏关县工业和信息化局:1601 固定资产:160102 通用设备"
    )
