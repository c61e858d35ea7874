"""What must never be false of confirmations, kept by the database (2.3).

Assets and holders of a batch change only while it is a draft or returned; a batch that was approved or withdrawn stays
as it is; steps and certificates are only added.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import append_only, undeletable

FIXED = "a batch that was proposed is fixed"
ENDED = "a batch that was approved or withdrawn is fixed"
TABLES = ("rights_member", "rights_proposed")


def _is_fixed(row: str) -> str:
    return (
        f"(SELECT state FROM rights_confirmation WHERE id = {row}.confirmation_id) "
        "NOT IN ('DRAFT', 'RETURNED')"
    )  # fmt: skip


def _sqlite(editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            editor.execute(
                f"CREATE TRIGGER {table}_fixed_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW "
                f"WHEN {_is_fixed(row)} BEGIN SELECT RAISE(ABORT, '{FIXED}'); END",
                params=None,
            )
    editor.execute(
        "CREATE TRIGGER rights_confirmation_ended BEFORE UPDATE ON rights_confirmation FOR EACH ROW "
        f"WHEN OLD.state IN ('APPROVED', 'WITHDRAWN') BEGIN SELECT RAISE(ABORT, '{ENDED}'); END",
        params=None,
    )


def _postgres(editor: BaseDatabaseSchemaEditor) -> None:
    fixed = "confirmation_id FROM {rows} GROUP BY confirmation_id"
    for verb, rows in (("insert", "fresh"), ("update", "stale"), ("delete", "stale")):
        asked = fixed.format(rows=rows)
        editor.execute(
            f"CREATE OR REPLACE FUNCTION rights_fixed_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF EXISTS (SELECT 1 FROM rights_confirmation WHERE id IN (SELECT {asked}) "
            "AND state NOT IN ('DRAFT', 'RETURNED')) THEN "
            f"RAISE EXCEPTION '{FIXED}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN NULL; END $$",
            params=None,
        )
        kind = "NEW" if rows == "fresh" else "OLD"
        for table in TABLES:
            editor.execute(
                f"CREATE TRIGGER {table}_fixed_{verb} AFTER {verb.upper()} ON {table} "
                f"REFERENCING {kind} TABLE AS {rows} FOR EACH STATEMENT EXECUTE FUNCTION rights_fixed_{verb}()",
                params=None,
            )
    editor.execute(
        "CREATE OR REPLACE FUNCTION rights_confirmation_ended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{ENDED}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        params=None,
    )
    editor.execute(
        "CREATE TRIGGER rights_confirmation_ended BEFORE UPDATE ON rights_confirmation FOR EACH ROW "
        "WHEN (OLD.state IN ('APPROVED', 'WITHDRAWN')) EXECUTE FUNCTION rights_confirmation_ended()",
        params=None,
    )


def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    (_sqlite if editor.connection.vendor == "sqlite" else _postgres)(editor)


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = editor.connection.vendor == "sqlite"
    for table in TABLES:
        for verb in ("insert", "update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_fixed_{verb}" + ("" if is_sqlite else f" ON {table}"))
    editor.execute("DROP TRIGGER IF EXISTS rights_confirmation_ended" + ("" if is_sqlite else " ON rights_confirmation"))


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial")]
    operations = [
        migrations.RunPython(put, drop, elidable=False),
        *undeletable("rights_confirmation"),
        *append_only("rights_step"),
        *append_only("rights_certificate"),
    ]
