"""What must never be false of a site's file, kept by the database on both engines (2.6.1b).

On no day do two parties hold one duty of a site, and a site has one state: whoever writes gets an IntegrityError. A
period that was written is never changed but for the day it ends, and a file never goes. On PostgreSQL the trigger locks
the file first, so that two writers at once see each other; SQLite has one writer at a time.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import append_only, undeletable

TABLES: dict[str, tuple[str, ...]] = {
    "sites_term": ("profile_id", "duty"),
    "sites_sitestate": ("profile_id",),
    "sites_requirement": ("profile_id", "item"),
}
"""Tables of periods, and what two periods that overlap would share."""


def _overlaps(table: str, columns: tuple[str, ...], forever: str) -> str:
    same = " AND ".join(f"o.{column} = NEW.{column}" for column in columns)
    return f"""EXISTS (SELECT 1 FROM {table} o WHERE {same} AND o.id <> NEW.id
        AND (NEW.valid_to IS NULL OR NEW.valid_to > NEW.valid_from)
        AND (o.valid_to IS NULL OR o.valid_to > o.valid_from)
        AND o.valid_from < COALESCE(NEW.valid_to, {forever}) AND COALESCE(o.valid_to, {forever}) > NEW.valid_from)"""


def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for table, columns in TABLES.items():
        if editor.connection.vendor == "sqlite":
            overlaps = _overlaps(table, columns, "'9999-12-31'")
            for verb in ("INSERT", "UPDATE"):
                editor.execute(
                    f"CREATE TRIGGER {table}_apart_{verb.lower()} AFTER {verb} ON {table} FOR EACH ROW "
                    f"WHEN {overlaps} BEGIN SELECT RAISE(ABORT, '{table} periods overlap'); END",
                    params=None,
                )
            continue
        overlaps = _overlaps(table, columns, "'infinity'::date")
        editor.execute(
            f"""CREATE OR REPLACE FUNCTION {table}_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM sites_profile WHERE site_id = NEW.profile_id FOR NO KEY UPDATE;
  IF {overlaps} THEN
    RAISE EXCEPTION '{table} periods overlap' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$""",
            params=None,
        )
        editor.execute(
            f"CREATE TRIGGER {table}_apart AFTER INSERT OR UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_apart()",
            params=None,
        )


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if editor.connection.vendor == "sqlite":
            for verb in ("insert", "update"):
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_apart_{verb}", params=None)
        else:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_apart ON {table}", params=None)
            editor.execute(f"DROP FUNCTION IF EXISTS {table}_apart()", params=None)


class Migration(migrations.Migration):
    dependencies = [("sites", "0001_initial"), ("evidence", "0002_guards")]
    operations = [
        migrations.RunPython(put, drop, elidable=False),
        *(operation for table in TABLES for operation in append_only(table, allow_fill_of=("valid_to",))),
        *undeletable("sites_profile"),
    ]
