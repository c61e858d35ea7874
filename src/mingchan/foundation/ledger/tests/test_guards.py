"""The database refuses by itself: every column of a posted voucher, and every way past the balance (LED-03)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from mingchan.foundation.ledger import services
from mingchan.foundation.ledger.models import Account, Book, Line, MonthBalance, Period, Voucher
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor
from mingchan.kernel.period import utc_now


def raw(statement: str, *values: object) -> None:
    """One statement as any database client would send it; a deferred refusal is asked for at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        connection.check_constraints()


def refused(statement: str, *values: object) -> None:
    with pytest.raises(IntegrityError):
        raw(statement, *values)


def columns(model: type[Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def another(value: Any) -> Any:
    """A value of the same type that differs."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return "9" + value[1:] if value else "9"
    if value is None:
        return 1
    if isinstance(value, bytes | memoryview):
        return bytes(value) + b"x"
    return value + timedelta(days=1)


@pytest.fixture
def voucher(book: Book, actor: Actor) -> Voucher:
    """A posted voucher."""
    return Voucher.objects.get(pk=factories.posted(book, actor).pk)


@pytest.mark.parametrize("column", columns(Voucher))
def test_no_column_of_a_posted_voucher_changes(voucher: Voucher, column: str) -> None:
    field = next(field for field in Voucher._meta.concrete_fields if field.column == column)
    changed = 0 if column == "sealed" else another(getattr(voucher, field.attname))
    refused(f'UPDATE ledger_voucher SET "{column}" = %s WHERE id = %s', changed, voucher.pk)


@pytest.mark.parametrize("column", columns(Line))
def test_no_column_of_a_line_changes(voucher: Voucher, column: str) -> None:
    line = voucher.lines.order_by("line_no")[0]
    field = next(field for field in Line._meta.concrete_fields if field.column == column)
    refused(f'UPDATE ledger_line SET "{column}" = %s WHERE id = %s', another(getattr(line, field.attname)), line.pk)


def test_no_voucher_and_no_line_goes(voucher: Voucher) -> None:
    refused("DELETE FROM ledger_line WHERE voucher_id = %s", voucher.pk)
    refused("DELETE FROM ledger_voucher WHERE id = %s", voucher.pk)
    refused("DELETE FROM ledger_monthbalance")


def test_no_account_goes_with_or_without_lines(voucher: Voucher) -> None:
    """Lines keep their accounts without a key of their own, because no account ever goes."""
    used = set(voucher.lines.values_list("account_id", flat=True))
    idle = voucher.book.accounts.exclude(pk__in=used).order_by("-pk").first()
    assert idle is not None
    refused("DELETE FROM ledger_account WHERE id = %s", idle.pk)
    refused("DELETE FROM ledger_account WHERE id = %s", min(used))


def test_a_line_of_no_voucher_or_account_is_refused(voucher: Voucher) -> None:
    columns = "book_id, month, line_no, debit_fen, credit_fen, subject, summary"
    given = "SELECT %s, %s, book_id, month, 99, 1, 0, '', '' FROM ledger_voucher WHERE id = %s"
    account = voucher.lines.order_by("line_no")[0].account_id
    for key, code in ((10**9, account), (voucher.pk, 10**9)):
        refused(f"INSERT INTO ledger_line (voucher_id, account_id, {columns}) {given}", key, code, voucher.pk)


def test_the_orm_in_bulk_is_refused_too(voucher: Voucher) -> None:
    for act in (
        lambda: Line.objects.filter(voucher=voucher).update(debit_fen=1),
        lambda: Line.objects.filter(voucher=voucher)._raw_delete("default"),
        lambda: Voucher.objects.filter(pk=voucher.pk).update(summary="别的"),
        lambda: Line.objects.bulk_update([_touched(voucher)], ["subject"]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def _touched(voucher: Voucher) -> Line:
    line = voucher.lines.first()
    assert line is not None
    line.subject = "asset:2"
    return line


def test_no_line_is_added_to_a_posted_voucher(voucher: Voucher) -> None:
    line = voucher.lines.order_by("line_no")[0]
    refused(
        "INSERT INTO ledger_line (voucher_id, book_id, account_id, month, line_no, debit_fen, credit_fen, subject,"
        " summary) VALUES (%s, %s, %s, %s, 3, 1, 0, '', '')",
        voucher.pk,
        line.book_id,
        line.account_id,
        line.month,
    )


@pytest.fixture
def write(book: Book) -> Callable[..., int]:
    """Writes an unsealed voucher with raw SQL and answers its id; any column can be given another value."""

    def make(**changes: object) -> int:
        values: dict[str, object] = {
            "county": "140932",
            "book_id": book.pk,
            "number": 1,
            "kind": "JI",
            "day": "2020-03-31",
            "month": 202003,
            "division_code": "140932000000",
            "summary": "手工",
            "source": "batch:1",
            "key": "raw",
            "reverses_id": None,
            "sealed": 0,
            "line_count": 2,
            "total_fen": 5,
            "lines_digest": "",
            "line_marks": b"",
            "posted_by": "x",
            "recorded_at": "2020-03-31 00:00:00+00:00",
        } | changes
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(["%s"] * len(values))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO ledger_voucher ({names}) VALUES ({marks}) RETURNING id", list(values.values()))
            return int(cursor.fetchone()[0])

    return make


def add_line(
    voucher_id: int, book: Book, code: str, line_no: int, debit: int, credit: int, month: int = 202003
) -> None:
    account = Account.objects.get(book=book, code=code)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_line (voucher_id, book_id, account_id, month, line_no, debit_fen, credit_fen, subject,"
            " summary) VALUES (%s, %s, %s, %s, %s, %s, %s, '', '')",
            [voucher_id, book.pk, account.pk, month, line_no, debit, credit],
        )


def seal(voucher_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_voucher SET sealed = 1 WHERE id = %s", [voucher_id])


def test_a_balanced_voucher_written_in_the_right_order_is_taken(book: Book, write: Callable[..., int]) -> None:
    voucher_id = write()
    add_line(voucher_id, book, "160102", 1, 5, 0)
    add_line(voucher_id, book, "4001", 2, 0, 5)
    seal(voucher_id)
    connection.check_constraints()
    assert Voucher.objects.get(pk=voucher_id).sealed == 1


@pytest.mark.parametrize(
    "lines",
    [
        [("160102", 1, 5, 0), ("4001", 2, 0, 6)],
        [("160102", 1, 5, 0)],
        [("160102", 1, 6, 0), ("4001", 2, 0, 6)],
        [("160102", 1, 5, 0), ("4001", 3, 0, 5)],
        [("160102", 1, 5, 0), ("4001", 2, 0, 4), ("4001", 3, 0, 1)],
        [("160102", 1, -5, 0), ("4001", 2, 0, -5)],
    ],
    ids=["unequal", "one line", "not the total", "numbers with a gap", "too many", "negative"],
)
def test_what_does_not_add_up_is_not_sealed(
    book: Book, write: Callable[..., int], lines: list[tuple[str, int, int, int]]
) -> None:
    voucher_id = write(total_fen=-5) if lines[0][2] < 0 else write()
    for code, line_no, debit, credit in lines:
        add_line(voucher_id, book, code, line_no, debit, credit)
    with pytest.raises(IntegrityError), transaction.atomic():
        seal(voucher_id)
    transaction.set_rollback(True)


@pytest.mark.parametrize("amounts", [(0, 0), (5, 5), (5, -5)])
def test_a_line_has_exactly_one_side(book: Book, write: Callable[..., int], amounts: tuple[int, int]) -> None:
    voucher_id = write()
    with pytest.raises(IntegrityError), transaction.atomic():
        add_line(voucher_id, book, "160102", 1, *amounts)
    add_line(voucher_id, book, "160102", 1, 5, 0)
    add_line(voucher_id, book, "4001", 2, 0, 5)
    seal(voucher_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"sealed": 1},
        {"number": 2},
        {"number": 0},
        {"month": 202004},
        {"county": "140931"},
        {"line_count": 1},
        {"source": ""},
        {"summary": ""},
        {"key": ""},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_voucher_that_lies_about_itself_is_not_written(write: Callable[..., int], changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(**changes)


def test_a_number_is_not_left_out_and_not_inserted_later(book: Book, actor: Actor, write: Callable[..., int]) -> None:
    for index in range(3):
        factories.posted(book, actor, key=f"k{index}")
    for number in (1, 3, 5):
        with pytest.raises(IntegrityError), transaction.atomic():
            write(number=number)


def test_a_line_does_not_go_into_another_books_account(book: Book, actor: Actor, write: Callable[..., int]) -> None:
    other = factories.bureau_book(actor, name="偏关县商务局")
    voucher_id = write()
    account = Account.objects.get(book=other, code="160102")
    for statement_book in (book, other):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_line (voucher_id, book_id, account_id, month, line_no, debit_fen, credit_fen,"
                " subject, summary) VALUES (%s, %s, %s, 202003, 1, 5, 0, '', '')",
                [voucher_id, statement_book.pk, account.pk],
            )
    add_line(voucher_id, book, "160102", 1, 5, 0)
    add_line(voucher_id, book, "4001", 2, 0, 5)
    seal(voucher_id)


@pytest.mark.parametrize(("code", "month"), [("1601", 202003), ("160102", 202004)], ids=["not a leaf", "other month"])
def test_a_line_needs_a_leaf_and_the_vouchers_month(
    book: Book, write: Callable[..., int], code: str, month: int
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        add_line(write(), book, code, 1, 5, 0, month)


def test_a_voucher_into_a_closed_month_is_refused_by_the_database(
    book: Book, actor: Actor, write: Callable[..., int]
) -> None:
    factories.posted(book, actor)
    services.close_period(book.pk, 202003, actor=actor, on=factories.DAY)
    for changes in ({"number": 2}, {"number": 1, "day": "2020-02-01", "month": 202002}):
        with pytest.raises(IntegrityError), transaction.atomic():
            write(**changes)


def test_an_unsealed_voucher_does_not_survive_the_transaction_on_postgresql(write: Callable[..., int]) -> None:
    voucher_id = write()
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.check_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        seal(voucher_id)
    transaction.set_rollback(True)


def test_a_reversal_names_a_posted_voucher_of_its_book_once(
    voucher: Voucher, actor: Actor, write: Callable[..., int]
) -> None:
    red = services.reverse(voucher.pk, "错记", actor=actor, on=factories.DAY)
    for target in (voucher.pk, red.pk):
        with pytest.raises(IntegrityError), transaction.atomic():
            write(number=3, reverses_id=target, total_fen=-480_000)


def test_a_reversal_undoes_the_whole_amount(book: Book, voucher: Voucher, write: Callable[..., int]) -> None:
    voucher_id = write(number=2, reverses_id=voucher.pk, total_fen=-5)
    add_line(voucher_id, book, "160102", 1, -5, 0)
    add_line(voucher_id, book, "4001", 2, 0, -5)
    with pytest.raises(IntegrityError), transaction.atomic():
        seal(voucher_id)
    transaction.set_rollback(True)


def test_a_closed_period_is_not_taken_away_nor_opened_for_longer(book: Book, actor: Actor) -> None:
    factories.posted(book, actor)
    period = services.close_period(book.pk, 202003, actor=actor, on=factories.DAY)
    second = factories.accountant("赵复核")
    refused("DELETE FROM ledger_period")
    refused("UPDATE ledger_period SET month = 202012 WHERE id = %s", period.pk)
    now = utc_now()
    sets = {
        "reopened_by_id": second.account_id,
        "reopened_reason": "补记",
        "reopened_at": now,
        "reopened_basis": "case:1",
    }
    for changes in (
        sets | {"reopened_until": now + timedelta(hours=73)},
        sets | {"reopened_until": now + timedelta(hours=1), "reopened_by_id": actor.account_id},
        sets | {"reopened_until": now + timedelta(hours=1), "reopened_reason": ""},
        sets | {"reopened_until": now + timedelta(hours=1), "reopened_basis": None},
        sets | {"reopened_until": now + timedelta(hours=1), "reopened_basis": "voucher:1"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Period.objects.filter(pk=period.pk).update(**changes)
    Period.objects.filter(pk=period.pk).update(**sets, reopened_until=now + timedelta(hours=72))


def test_an_account_keeps_its_code_and_side(book: Book) -> None:
    for column, value in (("code", "9"), ("element", "INCOME"), ("normal_side", "CREDIT"), ("book_id", book.pk + 1)):
        refused(f"UPDATE ledger_account SET {column} = %s WHERE code = '160102'", value)


def test_a_month_balance_keeps_its_account(voucher: Voucher) -> None:
    balance = MonthBalance.objects.first()
    assert balance is not None
    refused("UPDATE ledger_monthbalance SET month = 202004 WHERE id = %s", balance.pk)


def test_sqlite_replaces_nothing(voucher: Voucher, write: Callable[..., int]) -> None:
    """INSERT OR REPLACE would delete without asking the guard on deletion."""
    line = voucher.lines.order_by("line_no")[0]
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    fresh = write(number=2, key="fresh")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"{verb} INTO ledger_line (id, voucher_id, book_id, account_id, month, line_no, debit_fen, credit_fen,"
            " subject, summary) VALUES (%s, %s, %s, %s, 202003, 1, 5, 0, '', '')",
            [line.pk, fresh, line.book_id, line.account_id],
        )
    book = Book.objects.get(pk=line.book_id)
    add_line(fresh, book, "160102", 1, 5, 0)
    add_line(fresh, book, "4001", 2, 0, 5)
    seal(fresh)
    assert Line.objects.filter(pk=line.pk, voucher=voucher).exists()
