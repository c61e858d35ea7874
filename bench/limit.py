"""The limit: the least a program could do to import a register, written by hand for this one workbook.

Read with calamine, check every row (types, lengths, code tables, quantity × price = cost, order of dates, numbers given
twice), chain a SHA-256 record for each row, write the rows with their keys and indexes, and two postings for each: one
`executemany` or COPY for each table and batch, in one transaction. No rights, no history, no search, no parties made.
"""

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import generate

PART = 5000
COLUMNS = (
    "id", "number", "name", "class_code", "model", "brand", "unit", "quantity", "price", "cost", "acquired",
    "in_service", "project", "year", "funding", "owner_id", "user_id", "operator_id", "keeper", "phone", "site", "town",
    "village", "place", "condition", "serial",
)  # fmt: skip
LONGEST = {0: 40, 1: 120, 3: 120, 4: 60, 11: 120, 17: 40, 19: 120, 22: 120, 24: 60}
FIRST_DAY, LAST_DAY = dt.date(1950, 1, 1), dt.date(2026, 12, 31)
ACCOUNTS = (1601, 4001)
TABLES = """
CREATE TABLE org (id {integer} PRIMARY KEY, name varchar(120) NOT NULL UNIQUE);
CREATE TABLE asset (id {integer} PRIMARY KEY, number varchar(40) NOT NULL UNIQUE, name varchar(120) NOT NULL,
    class_code varchar(9) NOT NULL, model varchar(120) NOT NULL, brand varchar(60) NOT NULL, unit varchar(20) NOT NULL,
    quantity bigint NOT NULL, price bigint NOT NULL, cost bigint NOT NULL, acquired date NOT NULL,
    in_service date NOT NULL, project varchar(120) NOT NULL, year smallint NOT NULL, funding varchar(20) NOT NULL,
    owner_id bigint REFERENCES org (id) DEFERRABLE INITIALLY DEFERRED,
    user_id bigint REFERENCES org (id) DEFERRABLE INITIALLY DEFERRED,
    operator_id bigint REFERENCES org (id) DEFERRABLE INITIALLY DEFERRED, keeper varchar(60) NOT NULL,
    phone varchar(40) NOT NULL, site varchar(120) NOT NULL, town varchar(60) NOT NULL, village varchar(60) NOT NULL,
    place varchar(120) NOT NULL, condition varchar(20) NOT NULL, serial varchar(60) NOT NULL);
CREATE INDEX asset_owner ON asset (owner_id);
CREATE INDEX asset_user ON asset (user_id);
CREATE INDEX asset_operator ON asset (operator_id);
CREATE TABLE posting (id {serial} PRIMARY KEY,
    asset_id bigint NOT NULL REFERENCES asset (id) DEFERRABLE INITIALLY DEFERRED,
    account integer NOT NULL, amount bigint NOT NULL, day date NOT NULL);
CREATE INDEX posting_asset ON posting (asset_id);
CREATE TABLE audit (id {integer} PRIMARY KEY, at varchar(27) NOT NULL, actor integer NOT NULL, object bigint NOT NULL,
    body text NOT NULL, digest {bytes} NOT NULL);
CREATE INDEX audit_object ON audit (object);
"""
POSTINGS = "INSERT INTO posting (asset_id, account, amount, day) " + " UNION ALL ".join(
    f"SELECT id, {account}, {sign}cost, acquired FROM asset WHERE id BETWEEN {{first}} AND {{last}}"
    for account, sign in zip(ACCOUNTS, ("", "-"), strict=True)
)


def organisations(count: int) -> dict[str, int]:
    """Every organisation of a workbook, by name."""
    names = {f"{generate.COUNTY}工业和信息化局", *generate.COMPANIES, *(s.user for s in generate.sites(count))}
    return {name: number for number, name in enumerate(sorted(names), 1)}


def checker(orgs: dict[str, int]) -> Callable[[int, list[Any]], tuple[Any, ...]]:
    """One function that checks a row and answers it as it is stored. Raises ValueError with the column at fault."""
    seen: set[str] = set()
    places: dict[str, set[str]] = {}
    for town, village in generate.villages():
        places.setdefault(town, {""}).add(village)
    units, states, funds = set(generate.UNITS), set(generate.STATES), set(generate.FUNDS)
    lengths, known = tuple(LONGEST.items()), orgs.get

    def check(number: int, row: list[Any]) -> tuple[Any, ...]:
        for at, most in lengths:
            text = row[at]
            if type(text) is not str or len(text) > most or text != text.strip():
                raise ValueError(generate.HEAD[at])
        code = row[0]
        if not code or code in seen:
            raise ValueError("资产编号")
        seen.add(code)
        if not row[1] or row[5] not in units or row[23] not in states or row[13] not in funds:
            raise ValueError("代码")
        quantity, price, cost, year = int(row[6]), round(row[7] * 100), round(row[8] * 100), int(row[12])
        if quantity != row[6] or quantity <= 0 or price < 0 or quantity * price != cost or not 1990 <= year <= 2100:
            raise ValueError("金额")
        bought, used = row[9], row[10]
        if type(bought) is not dt.date or type(used) is not dt.date or not FIRST_DAY <= bought <= used <= LAST_DAY:
            raise ValueError("日期")
        if row[21] not in places[row[20]]:
            raise ValueError("行政村")
        owner, user = known(row[14]), known(row[15])
        operator = known(row[16]) if row[16] else None
        if owner is None or user is None or (row[16] and operator is None):
            raise ValueError("单位")
        return (
            number, code, row[1], row[2], row[3], row[4], row[5], quantity, price, cost, bought.isoformat(),
            used.isoformat(), row[11], year, row[13], owner, user, operator, row[17], row[18], row[19], row[20],
            row[21], row[22], row[23], row[24],
        )  # fmt: skip

    return check


def batches(path: Path, orgs: dict[str, int]) -> Iterator[list[tuple[Any, ...]]]:
    """Checked rows, some thousands at a time."""
    from python_calamine import CalamineWorkbook

    lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    if tuple(next(lines)) != generate.HEAD:
        raise ValueError("heading")
    check, number = checker(orgs), 0
    while part := list(islice(lines, PART)):
        yield [check(number + at, row) for at, row in enumerate(part, 1)]
        number += len(part)


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def into_sqlite(path: Path, database: Path, orgs: dict[str, int]) -> None:
    """The import into a file."""
    import sqlite3

    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-64000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    insert = f"INSERT INTO asset ({','.join(COLUMNS)}) VALUES ({','.join('?' * len(COLUMNS))})"
    previous = b"\0" * 32
    connection.execute("BEGIN IMMEDIATE")
    for rows in batches(path, orgs):
        audit = []
        for row in rows:
            body = encode(row)
            previous = sha256(previous + body.encode()).digest()
            audit.append((row[0], "2026-06-30T00:00:00.000000Z", 1, row[0], body, previous))
        connection.executemany(insert, rows)
        connection.execute(POSTINGS.format(first=rows[0][0], last=rows[-1][0]))
        connection.executemany("INSERT INTO audit VALUES (?,?,?,?,?,?)", audit)
    connection.execute("COMMIT")
    connection.close()


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if type(value) is str and "\\" not in value and "\t" not in value and "\n" not in value:
        return value
    return str(value).translate(_ESCAPES)


def into_postgresql(path: Path, connection: Any, orgs: dict[str, int]) -> None:
    """The import into a server."""
    previous = b"\0" * 32
    with connection.transaction(), connection.cursor() as cursor:
        for rows in batches(path, orgs):
            audit = []
            for row in rows:
                body = encode(row)
                previous = sha256(previous + body.encode()).digest()
                text = body.replace("\\", "\\\\") if "\\" in body else body
                audit.append(f"{row[0]}\t2026-06-30T00:00:00.000000Z\t1\t{row[0]}\t{text}\t\\\\x{previous.hex()}\n")
            with cursor.copy(f"COPY asset ({','.join(COLUMNS)}) FROM STDIN") as copy:
                copy.write("".join(["\t".join(map(_cell, row)) + "\n" for row in rows]))
            cursor.execute(POSTINGS.format(first=rows[0][0], last=rows[-1][0]))
            with cursor.copy("COPY audit FROM STDIN") as copy:
                copy.write("".join(audit))


def run(path: Path, count: int, store: str, work: Path) -> dict[str, float]:
    """Make the tables anew, import, and answer what the import cost."""
    from clock import Server, measured, peak_mib

    orgs = organisations(count)
    rows = [(number, name) for name, number in orgs.items()]
    if store == "sqlite":
        import sqlite3

        database = work / "limit.sqlite3"
        for ending in ("", "-wal", "-shm"):
            Path(f"{database}{ending}").unlink(missing_ok=True)
        made = sqlite3.connect(database)
        made.executescript(TABLES.format(integer="integer", serial="integer", bytes="blob"))
        made.executemany("INSERT INTO org VALUES (?,?)", rows)
        made.commit()
        made.close()
        cost = measured(lambda: into_sqlite(path, database, orgs))
    else:
        import psycopg

        with psycopg.connect(f"{store}/postgres", autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS bench_limit WITH (FORCE)")
            admin.execute("CREATE DATABASE bench_limit")
            admin.execute("CHECKPOINT")
        with psycopg.connect(f"{store}/bench_limit", autocommit=True) as connection:
            connection.execute(TABLES.format(integer="bigint", serial="bigserial", bytes="bytea"))
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO org VALUES (%s,%s)", rows)
            server = Server(connection.info.backend_pid)
            cost = measured(lambda: into_postgresql(path, connection, orgs), server)
    return {"cpu": cost, "rss": peak_mib()}


if __name__ == "__main__":
    book, cards, where, folder = sys.argv[1:5]
    print(json.dumps(run(Path(book), int(cards), where, Path(folder))))
