"""The books against their own lines: what a hand in the database leaves behind is named (I7, LED-14)."""

from collections.abc import Callable

import pytest
from django.db import connection

from mingchan.foundation.ledger import queries
from mingchan.foundation.ledger.models import Book, MonthBalance, Voucher
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor


@pytest.fixture
def unguarded(db: None) -> Callable[..., None]:
    """A statement by someone who first takes the guards away."""

    def run(statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for name in (
                    "ledger_line_kept",
                    "ledger_line_not_deleted",
                    "ledger_line_written",
                    "ledger_voucher_kept",
                ):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("ALTER TABLE ledger_line DISABLE TRIGGER USER")
                cursor.execute("ALTER TABLE ledger_voucher DISABLE TRIGGER USER")
            cursor.execute(statement, values)

    return run


def named() -> set[tuple[str, str]]:
    return {(fault.obj, fault.field) for fault in queries.faults()}


def test_books_in_order_have_no_fault(book: Book, actor: Actor) -> None:
    for index in range(3):
        factories.posted(book, actor, key=f"k{index}")
    assert named() == set()
    assert list(queries.faults([book.pk])) == []


@pytest.mark.parametrize(
    ("statement", "fields"),
    [
        (
            "UPDATE ledger_line SET debit_fen = debit_fen + 1 WHERE line_no = 1",
            {"lines_digest", "total_fen", "line:1.debit_fen"},
        ),
        ("UPDATE ledger_line SET subject = 'asset:9' WHERE line_no = 1", {"lines_digest", "line:1"}),
        ("UPDATE ledger_line SET summary = '别的' WHERE line_no = 1", {"lines_digest", "line:1"}),
        ("UPDATE ledger_line SET month = 202005 WHERE line_no = 1", {"month"}),
        ("DELETE FROM ledger_line WHERE line_no = 2", {"lines_digest", "line_count", "total_fen", "line:2"}),
        ("UPDATE ledger_voucher SET total_fen = 1", {"total_fen"}),
        ("UPDATE ledger_voucher SET sealed = 0", {"sealed"}),
    ],
)
def test_a_changed_line_or_voucher_is_named(
    book: Book, actor: Actor, unguarded: Callable[..., None], statement: str, fields: set[str]
) -> None:
    voucher = factories.posted(book, actor)
    unguarded(statement)
    assert {field for obj, field in named() if obj == f"voucher:{voucher.pk}"} == fields


def test_a_number_that_is_missing_is_named(book: Book, actor: Actor, unguarded: Callable[..., None]) -> None:
    for index in range(3):
        factories.posted(book, actor, key=f"k{index}")
    unguarded("UPDATE ledger_voucher SET number = 7 WHERE number = 3")
    assert (f"book:{book.pk}", "number") in named()


def test_a_month_balance_that_is_off_by_one_fen_is_named(book: Book, actor: Actor) -> None:
    factories.posted(book, actor)
    balance = MonthBalance.objects.get(account__code="160102")
    MonthBalance.objects.filter(pk=balance.pk).update(debit_fen=balance.debit_fen - 1)
    assert named() == {(f"account:{balance.account_id}", "month:202003")}


def test_a_long_voucher_is_vouched_for_across_batches(book: Book, actor: Actor) -> None:
    lines = [("160102", 1, 0)] * 5000 + [("4001", 0, 5000)]
    voucher = factories.posted(book, actor, lines=lines)
    assert Voucher.objects.get(pk=voucher.pk).line_count == 5001
    assert named() == set()
