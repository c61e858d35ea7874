"""Restoring a backup (恢复): read back first, put in place whole, verified afterwards. What stood there is kept.

The keys are not in a backup: they must lie under MINGCHAN_HOME before, and must be those of the county's log. A server
that runs on the home is stopped first; the lock it holds is taken. On SQLite the former database stays beside the new
one; on PostgreSQL a backup of it is made before its schema is emptied.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from mingchan.config import backup, dumping, wiring
from mingchan.foundation.evidence import events
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.reports import Report
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref

RECORDS = "evidence_record"


class NotRestored(Exception):
    """Nothing was changed; the text says why and what to do."""


@dataclass(frozen=True)
class Restored:
    """What was put in place: the backup's manifest, where the former data lies (empty: none), the verdict."""

    manifest: dict[str, Any]
    former: str
    report: Report


def check(folder: Path, *, over: bool) -> dict[str, Any]:
    """Whether a backup can be restored here; its manifest. Raises NotRestored, NotABackup. Changes nothing."""
    manifest = backup.verify(folder)
    if manifest["county"] != settings.COUNTY:
        raise NotRestored(f"This is a backup of county {manifest['county']}; this home is of {settings.COUNTY}.")
    if manifest["engine"] != connection.vendor:
        raise NotRestored(f"This is a backup of {manifest['engine']}; DATABASE_URL names {connection.vendor}.")
    if manifest.get("log_key") not in (None, crypto.mac_key()[0]):
        raise NotRestored("The keys of this home are not those of the backup's log: put the county's keys first.")
    if connection.vendor == "postgresql":
        if not (folder / dumping.DUMP_NAME).exists():
            raise NotRestored("The backup was made without pg_dump; such a one is loaded table by table by hand.")
        if shutil.which("pg_restore") is None:
            raise NotRestored("pg_restore is missing: install PostgreSQL's client programs.")
    if not over and (standing := _standing()):
        raise NotRestored(f"There is a log of {standing:,} records here already. To put the backup over it: --over")
    return manifest


def restore(folder: Path, *, over: bool, on: date) -> Restored:
    """Put a backup in place of whatever stands here, record that in its log, and verify everything.

    Raises NotRestored and NotABackup before anything is changed. `over` allows a database that holds records.
    """
    with _no_server():
        manifest = check(folder, over=over)
        source = folder / backup.FILES_NAME
        if source.exists():
            shutil.copytree(source, settings.MEDIA_ROOT, dirs_exist_ok=True)
        former = _put_sqlite(folder) if connection.vendor == "sqlite" else _put_postgres(folder)
        call_command("migrate", verbosity=0)
        evidence.record(
            events.DATABASE_RESTORED,
            Ref("log", "backup"),
            actor=Actor(account_id=None, name="", county=settings.COUNTY, source="command"),
            on=on,
            facts={"name": folder.name, "size": manifest["facts"]["log_size"], "root": manifest["facts"]["log_root"]},
        )
        return Restored(manifest, former, evidence.verify(wiring.PROTECTED))


@contextmanager
def _no_server() -> Iterator[None]:
    """The lock that a server holds on its home. Raises NotRestored while one runs."""
    home = Path(settings.MINGCHAN_HOME)
    with (home / "serve.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise NotRestored("A server runs on this home: stop it first.") from error
        yield


def _standing() -> int:
    """How many records the log that stands here has; 0 without a database."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return 0
    with connection.cursor() as cursor:
        if RECORDS not in connection.introspection.table_names(cursor):
            return 0
        cursor.execute(f'SELECT COUNT(*) FROM "{RECORDS}"')  # noqa: S608 - a name of our own
        return int(cursor.fetchone()[0])


def _put_sqlite(folder: Path) -> str:
    target = Path(connection.settings_dict["NAME"])
    coming, former = target.with_name(target.name + ".restoring"), ""
    shutil.copyfile(folder / dumping.SQLITE_NAME, coming)
    _synced(coming)
    if target.exists():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        kept = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        os.link(target, kept)
        former = str(kept)
    for ending in ("-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    os.replace(coming, target)
    _synced(target.parent)
    return former


def _synced(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _put_postgres(folder: Path) -> str:
    former = ""
    if _standing():
        former = str(backup.make(Path(settings.MINGCHAN_HOME) / "backups").folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
    connection.close()
    named = dumping.environment()
    ran = subprocess.run(
        ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
         f"--dbname={named['PGDATABASE']}", str(folder / dumping.DUMP_NAME)],
        env=named, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        lies = f" The former data lies in {former}." if former else ""
        raise NotRestored(f"pg_restore: {ran.stderr.strip()}{lies}")
    return former
