"""An empty database gets its tables in one step; migrating step by step ends in the same ones."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUARDED = {"ledger_line"}
"""Tables whose keys the guards keep: SQLite still has them as keys where an older version made the table."""
WORDS = re.compile(r"\w+|[^\w\s]")
NAMED = re.compile(r'CONSTRAINT "(\w+)" (CHECK|UNIQUE)')


def _made(folder: Path, *options: str) -> sqlite3.Connection:
    """A database made by the command."""
    folder.mkdir()
    path = folder / "county.sqlite3"
    place = {"DATABASE_URL": f"sqlite:///{path}", "MINGCHAN_HOME": str(folder)}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0", *options]
    subprocess.run(command, env=os.environ | place, check=True, timeout=600)
    return sqlite3.connect(path)


def _schema(database: sqlite3.Connection) -> dict[str, object]:
    """Tables with columns, keys and constraints, indexes and triggers; the order of columns means nothing, so that of
    the words of a trigger doesn't either."""
    found: dict[str, object] = {}
    rows = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    for kind, name, table, sql in rows:
        text = " ".join((sql or "").split())
        if kind != "table":
            found[f"{kind} {name}"] = (table, sorted(WORDS.findall(text)))
            continue
        columns = database.execute(f'SELECT name, type, "notnull", pk FROM pragma_table_info("{name}")').fetchall()
        keys = database.execute(f'SELECT "from", "table", "to" FROM pragma_foreign_key_list("{name}")').fetchall()
        kept = [] if name in GUARDED else sorted(keys)
        found[f"table {name}"] = (sorted(columns), kept, sorted(NAMED.findall(text)))
    return found


def test_both_ways_end_in_the_same_tables(tmp_path: Path) -> None:
    at_once, by_steps = _made(tmp_path / "once"), _made(tmp_path / "steps", "--step-by-step")
    try:
        one, other = _schema(at_once), _schema(by_steps)
        differing = [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
        assert differing == []
        applied = [
            database.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
            for database in (at_once, by_steps)
        ]
        assert applied[0] == applied[1]
    finally:
        at_once.close()
        by_steps.close()
