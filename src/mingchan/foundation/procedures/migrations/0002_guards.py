"""What must never be false of cases, kept by the database: what was said stays said, what ended stays ended (2.4.2c)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import append_only, undeletable

ENDED = "procedures_case is over: UPDATE refused"
CLOSED = "procedures_task is closed: UPDATE refused"
GUARDS = (("procedures_case", "RUNNING", ENDED), ("procedures_task", "WAITING", CLOSED))


def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for table, live, message in GUARDS:
        name, condition = f"{table}_over", f"OLD.status <> '{live}'"
        if editor.connection.vendor == "sqlite":
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
                params=None,
            )
        else:
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({condition}) '
                "EXECUTE FUNCTION mingchan_refuse()",
                params=None,
            )


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for table, _live, _message in GUARDS:
        where = "" if editor.connection.vendor == "sqlite" else f' ON "{table}"'
        editor.execute(f'DROP TRIGGER IF EXISTS "{table}_over"{where}', params=None)


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial"), ("evidence", "0001_initial")]
    operations = [
        *append_only("procedures_opinion"),
        *append_only("procedures_definition"),
        *append_only("procedures_casepaper"),
        *append_only("procedures_delegation", allow_update_of=("valid_to",)),
        *append_only("procedures_task", allow_update_of=("status", "closed_on")),
        *undeletable("procedures_case"),
        migrations.RunPython(put, drop, elidable=False),
    ]
