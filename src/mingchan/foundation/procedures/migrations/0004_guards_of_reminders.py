"""Versions of tables, reminders and copies are never changed or deleted; a copy may be marked read once (2.4.2c)."""

from django.db import migrations

from mingchan.foundation.evidence.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_reminders_copies_tables"), ("evidence", "0002_guards")]
    operations = [
        *append_only("procedures_tableversion"),
        *append_only("procedures_reminder"),
        *append_only("procedures_copy", allow_fill_of=("read_on",)),
    ]
