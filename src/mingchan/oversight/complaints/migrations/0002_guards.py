"""What the database refuses by itself: a report that is deleted, or changed in what was said, or after its answer."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import append_only

HANDLED = (
    "handled_in", "office_id", "office_name", "state", "closed_on", "answer", "is_public", "followed_by", "version",
)  # fmt: skip
CLOSED = "complaints_complaint is closed: UPDATE refused"
CONDITION = "OLD.state IN ('ANSWERED', 'DECLINED')"


def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    action = f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
    when = f"WHEN {CONDITION} {action}"
    if editor.connection.vendor != "sqlite":
        when = f"WHEN ({CONDITION}) EXECUTE FUNCTION mingchan_refuse()"
    editor.execute(
        f'CREATE TRIGGER "complaints_complaint_closed" BEFORE UPDATE ON "complaints_complaint" FOR EACH ROW {when}',
        params=None,
    )


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    where = "" if editor.connection.vendor == "sqlite" else ' ON "complaints_complaint"'
    editor.execute(f'DROP TRIGGER IF EXISTS "complaints_complaint_closed"{where}', params=None)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial"), ("evidence", "0001_initial")]
    operations = [
        *append_only("complaints_complaint", allow_update_of=HANDLED),
        *append_only("complaints_step"),
        migrations.RunPython(put, drop, elidable=False),
    ]
