"""PostgreSQL: the search index compares tokens byte by byte, and the check of rights looks rights up one by one.

In the first import of a county the planner knows nothing of the tables yet: it read all rights into a hash table for
every block of cards, which made the import of a large register quadratic.
"""

from django.db import migrations

COLLATED = 'ALTER TABLE assets_search ALTER COLUMN grams TYPE text[] COLLATE "C"'
SETTINGS = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan")


def put(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLLATED)
        for setting in SETTINGS:
            schema_editor.execute(f"ALTER FUNCTION assets_right_whole() SET {setting} = off")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLLATED.replace('"C"', '"default"'))
        schema_editor.execute("ALTER FUNCTION assets_right_whole() RESET ALL")


class Migration(migrations.Migration):
    dependencies = [("assets", "0008_serial_once")]
    operations = [migrations.RunPython(put, drop)]
