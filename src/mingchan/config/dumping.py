"""Copies of the database for a backup (数据库副本): consistent, of one moment, and read back to be believed.

SQLite is copied by its backup interface while others write. PostgreSQL is dumped by `pg_dump` from an exported
snapshot; where that program is missing or too old, every table is copied out as text in the same snapshot.
"""

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from mingchan.foundation.evidence import tree

SQLITE_NAME, DUMP_NAME, TABLES_NAME = "database.sqlite3", "database.dump", "tables"
PAGES = 20_000


class NotABackup(Exception):
    """The copy doesn't hold what it should; the text names the file or the figure."""


@dataclass
class Facts:
    """What a copy holds: rows by table, debit and credit by book, size and root of the log, attachments by digest."""

    tables: dict[str, int] = field(default_factory=dict)
    books: list[dict[str, int]] = field(default_factory=list)
    log_size: int = 0
    log_root: str = ""
    attachments: dict[str, int] = field(default_factory=dict)


BOOKS = (
    "SELECT v.book_id, COALESCE(SUM(l.debit_fen), 0), COALESCE(SUM(l.credit_fen), 0) FROM ledger_line l "
    "JOIN ledger_voucher v ON v.id = l.voucher_id GROUP BY v.book_id ORDER BY v.book_id"
)
HEAD = "SELECT size, sha256 FROM evidence_head"
ATTACHMENTS = "SELECT DISTINCT sha256, size FROM evidence_attachment ORDER BY sha256"


def _facts(cursor: Any, tables: Iterable[str]) -> Facts:
    """The facts as the cursor sees them; it must read one snapshot."""

    def rows(statement: str) -> list[Any]:
        cursor.execute(statement)
        return list(cursor.fetchall())

    facts = Facts()
    for table in sorted(tables):
        facts.tables[table] = int(rows(f'SELECT COUNT(*) FROM "{table}"')[0][0])  # noqa: S608 - names of the catalogue
    facts.books = [{"book": int(b), "debit_fen": int(d), "credit_fen": int(c)} for b, d, c in rows(BOOKS)]
    for size, frontier in rows(HEAD):
        facts.log_size, facts.log_root = int(size), tree.root_of(tree.split_frontier(bytes(frontier))).hex()
    facts.attachments = {str(digest): int(size) for digest, size in rows(ATTACHMENTS)}
    return facts


def unbalanced(facts: Facts) -> list[int]:
    """Books whose debits and credits differ."""
    return [book["book"] for book in facts.books if book["debit_fen"] != book["credit_fen"]]


# SQLite


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _plain_tables(copy: sqlite3.Connection) -> list[str]:
    """Tables with rows of their own: not SQLite's, not a search index nor the tables it keeps itself in."""
    listed = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    found = dict(listed.fetchall())
    indexes = [name for name, sql in found.items() if sql.upper().startswith("CREATE VIRTUAL")]
    return [
        name for name in found if name not in indexes and not any(name.startswith(f"{index}_") for index in indexes)
    ]


def copy_sqlite(folder: Path) -> Facts:
    """Copy the open SQLite database into the folder and return what the copy holds."""
    connection.ensure_connection()
    target_path = folder / SQLITE_NAME
    target = sqlite3.connect(target_path)
    try:
        connection.connection.backup(target, pages=PAGES, sleep=0.01)
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()
    return read_sqlite(target_path)


def read_sqlite(path: Path) -> Facts:
    """What a SQLite copy holds, after a full integrity check. Raises NotABackup."""
    copy = _opened(path)
    try:
        if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise NotABackup(f"{path.name}: integrity check failed")
        if copy.execute("PRAGMA foreign_key_check").fetchall():
            raise NotABackup(f"{path.name}: a row points at one that isn't there")
        return _facts(copy.cursor(), _plain_tables(copy))
    except sqlite3.DatabaseError as error:
        raise NotABackup(f"{path.name}: {error}") from error
    finally:
        copy.close()


# PostgreSQL


def _dump_program() -> str:
    """`pg_dump`, when it is at least as new as the server."""
    program = shutil.which("pg_dump")
    if program is None:
        return ""
    words = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()
    major = next((int(word.split(".")[0]) for word in words if word[:1].isdigit()), 0)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    return program if major >= server else ""


def environment() -> dict[str, str]:
    """The environment by which PostgreSQL's own programs find the database."""
    settings = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return os.environ | {key: str(settings[name]) for key, name in named.items() if settings[name]}


def copy_postgres(folder: Path) -> Facts:
    """Dump the PostgreSQL database into the folder and return what the same snapshot holds."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        tables = [name for (name,) in cursor.fetchall()]
        facts = _facts(cursor, tables)
        program = _dump_program()
        if program:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            subprocess.run(
                [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
                 f"--file={folder / DUMP_NAME}"],
                env=environment(), check=True,
            )  # fmt: skip
        else:
            (folder / TABLES_NAME).mkdir()
            for table in tables:
                with gzip.open(folder / TABLES_NAME / f"{table}.copy.gz", "wb", compresslevel=6) as file:
                    file.write(f'COPY "{table}" FROM stdin;\n'.encode())
                    with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                        for block in rows:
                            file.write(block)
                    file.write(b"\\.\n")
    return facts


def count_copied(lines: Iterable[bytes]) -> dict[str, int]:
    """Rows by table in text of COPY blocks. Raises NotABackup when a block has no end."""
    counts: dict[str, int] = {}
    table = ""
    for line in lines:
        if table:
            if line.rstrip(b"\n") == b"\\.":
                table = ""
            else:
                counts[table] += 1
        elif line.startswith(b"COPY "):
            table = line.split(b"(")[0].split()[1].decode().rpartition(".")[2].strip('"')
            counts[table] = 0
    if table:
        raise NotABackup(f"table {table} ends too early")
    return counts


def _restored_lines(path: Path) -> Iterator[bytes]:
    program = shutil.which("pg_restore")
    if program is None:
        raise NotABackup("pg_restore is missing, so the dump can't be read back")
    with subprocess.Popen(
        [program, "--data-only", "--file=-", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        yield from process.stdout
        if process.wait():
            raise NotABackup(f"{path.name}: {process.stderr.read().decode(errors='replace').strip()}")


def read_postgres(folder: Path) -> dict[str, int]:
    """Rows by table in a dump, every one of them read back. Raises NotABackup."""
    dump = folder / DUMP_NAME
    if dump.exists():
        return count_copied(_restored_lines(dump))
    counts: dict[str, int] = {}
    try:
        for path in sorted((folder / TABLES_NAME).glob("*.copy.gz")):
            with gzip.open(path, "rb") as file:
                counts |= count_copied(file)
    except (OSError, EOFError) as error:
        raise NotABackup(f"{path.name}: {error}") from error
    return counts
