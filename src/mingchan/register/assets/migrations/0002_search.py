"""The search index: FTS5 without stored text on SQLite, an array of tokens with GIN on PostgreSQL."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE assets_search USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')"
)
POSTGRESQL = (
    "CREATE TABLE assets_search (asset_id bigint PRIMARY KEY, grams text[] NOT NULL)",
    "CREATE INDEX assets_search_grams ON assets_search USING gin (grams)",
)


def create(apps, schema_editor):
    statements = (SQLITE,) if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE assets_search")


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
