"""Bulk reading and writing on both engines: many rows in one statement, ids reserved ahead, plans for checks."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import Any, TypeVar

import orjson
from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

BATCH = 5000
ROWS_A_STATEMENT = 500
T = TypeVar("T")


def columns_of(model: type[models.Model], names: Sequence[str]) -> list[str]:
    """Column names of the model's fields, in the given order (`owner` → `owner_id`)."""
    fields = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    return [str(fields[name].column) for name in names]


def reserve_ids(model: type[models.Model], count: int) -> int:
    """First of `count` consecutive ids for rows to be written in this transaction.

    SQLite: the write lock is held (BEGIN IMMEDIATE), so the next free id is known. PostgreSQL: the sequence is advanced
    under the table's advisory lock, so the block has no holes of other writers.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            used = row[0] if row else 0
            cursor.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')  # noqa: S608 - a model's own table name
            return max(int(used), int(cursor.fetchone()[0])) + 1
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT nextval(%s)", [sequence])
        first = int(cursor.fetchone()[0])
        if count > 1:
            cursor.execute("SELECT setval(%s, %s)", [sequence, first + count - 1])
        return first


def insert_short_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """As `insert_rows`, for tables of few columns and indexes: on SQLite hundreds of rows in one statement.

    That saves the start of a statement for each row, and with a trigger or a foreign key the journal of each. For wide
    tables of many indexes it costs more than it saves.
    """
    if connection.vendor != "sqlite":
        return insert_rows(model, names, rows)
    columns = ", ".join(f'"{column}"' for column in columns_of(model, names))
    row_marks = "(" + ", ".join("?" * len(names)) + ")"
    head = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608 - a model's own names
    whole = head + ", ".join([row_marks] * ROWS_A_STATEMENT)
    written, iterator = 0, iter(rows)
    # The driver's own method: Django would look for marks of its own in each of these long statements.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        execute = partial(sqlite3.Cursor.execute, cursor.cursor)
        while batch := list(islice(iterator, ROWS_A_STATEMENT)):
            full = len(batch) == ROWS_A_STATEMENT
            execute(whole if full else head + ", ".join([row_marks] * len(batch)), list(chain.from_iterable(batch)))
            written += len(batch)
    return written


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write plain tuples, one value per name in `names`, and return how many. Dates may be ISO text on both engines.

    No model instance is made and no `save` is called: defaults and checks are the caller's and the database's.
    """
    table = model._meta.db_table
    columns = ", ".join(f'"{column}"' for column in columns_of(model, names))
    written = 0
    iterator = iter(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in iterator:
                    copy.write_row(row)
                    written += 1
            return written
        marks = ", ".join(["%s"] * len(names))
        statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'  # noqa: S608 - a model's own names
        while batch := list(islice(iterator, BATCH)):
            cursor.executemany(statement, batch)
            written += len(batch)
    return written


def one_of_sql(values: Iterable[str] | Iterable[int], kind: str = "bigint") -> tuple[str, list[Any]]:
    """The inside of `IN (…)` for the values, however many, and its one parameter. `kind`: text or bigint."""
    if connection.vendor == "postgresql":
        return f"SELECT unnest(%s::{kind}[])", [list(values)]
    return "SELECT value FROM json_each(%s)", [orjson.dumps(list(values)).decode()]


def one_of(values: Iterable[str] | Iterable[int], kind: str = "text") -> RawSQL:
    """The values as the right side of `__in`, however many: one parameter, so one statement. `kind`: text or bigint."""
    return RawSQL(*one_of_sql(values, kind))  # noqa: S611 - a type's name


@contextmanager
def streamed(rows: QuerySet[Any, T], chunk: int = BATCH) -> Iterator[Iterator[T]]:
    """The rows of a query a chunk at a time, its cursor closed when the block ends, however it ends.

    A cursor of PostgreSQL left to the garbage collector may be closed in the middle of another statement of the same
    connection, which then waits for itself for ever. Two streams side by side, and every stream that a fault may
    leave half read, are read through this.
    """
    found = rows.iterator(chunk_size=chunk)
    try:
        yield found
    finally:
        close = getattr(found, "close", None)
        if close is not None:
            close()
