"""Cards that a procedure holds still, and cards that left (冻结、已处置), kept by the database on both engines.

A frozen card doesn't change in any column but those by which it is let go or leaves; nor do the rights over it. A card
that left never changes again, and none of the two can be deleted. Every refusal is an IntegrityError for the caller.
On SQLite a later change that rebuilds the table must end with `guards()` again.
"""

from typing import Any

from django.db import migrations, models

HELD = "a frozen card does not change until its procedure has ended"
LEFT = "a disposed card never changes"
_FREE = frozenset({"frozen_by", "status", "version", "state_since"})


def _columns(editor: Any) -> list[str]:
    with editor.connection.cursor() as cursor:
        table = editor.connection.introspection.get_table_description(cursor, "assets_asset")
    return [column.name for column in table]


def _rules(editor: Any) -> list[tuple[str, str, str, str, str]]:
    """Name, table, verb, condition under which it's refused, and why."""
    other = "IS NOT" if editor.connection.vendor == "sqlite" else "IS DISTINCT FROM"
    columns = _columns(editor)
    fixed = " OR ".join(f'OLD."{name}" {other} NEW."{name}"' for name in columns if name not in _FREE)
    every = " OR ".join(f'OLD."{name}" {other} NEW."{name}"' for name in columns)
    asset = "(SELECT frozen_by FROM assets_asset WHERE id = {row}.asset_id) IS NOT NULL"
    return [
        (
            "assets_frozen_kept", "assets_asset", "UPDATE",
            f"OLD.frozen_by IS NOT NULL AND (({fixed}) OR (NEW.status <> OLD.status AND NEW.status <> 'DISPOSED') OR "
            "(NEW.status = OLD.status AND (NEW.version <> OLD.version OR NEW.state_since <> OLD.state_since)) OR "
            "(NEW.frozen_by IS NOT NULL AND NEW.frozen_by <> OLD.frozen_by))",
            HELD,
        ),
        ("assets_left_kept", "assets_asset", "UPDATE", f"OLD.status = 'DISPOSED' AND ({every})", LEFT),
        (
            "assets_held_stays", "assets_asset", "DELETE", "OLD.frozen_by IS NOT NULL OR OLD.status = 'DISPOSED'",
            "a frozen or disposed card is never deleted",
        ),
        ("assets_right_frozen", "assets_right", "INSERT", asset.format(row="NEW"), HELD),
        ("assets_right_frozen_end", "assets_right", "UPDATE", asset.format(row="OLD"), HELD),
    ]  # fmt: skip


def guards(_apps: Any, editor: Any) -> None:
    """Create the triggers of the engine, in place of any of the same names."""
    drop(_apps, editor)
    for name, table, verb, condition, why in _rules(editor):
        if editor.connection.vendor == "sqlite":
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{why}'); END",
                params=None,
            )
            continue
        answer = "OLD" if verb == "DELETE" else "NEW"
        editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{why}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {answer}; END $body$",
            params=None,
        )
        when = {
            "assets_frozen_kept": "WHEN (OLD.frozen_by IS NOT NULL)",
            "assets_left_kept": "WHEN (OLD.status = 'DISPOSED')",
        }.get(name, "")
        editor.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {name}()", params=None
        )


def drop(_apps: Any, editor: Any) -> None:
    """Drop the triggers of the engine."""
    sqlite = editor.connection.vendor == "sqlite"
    for name, table, _verb, _condition, _why in _rules(editor):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else f" ON {table}"), params=None)
        if not sqlite:
            editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)


STATES = [("ACTIVE", "在册"), ("SPLIT", "已拆分"), ("WITHDRAWN", "已撤回"), ("DISPOSED", "已处置")]


class Migration(migrations.Migration):
    dependencies = [("assets", "0009_postgresql_bulk")]

    operations = [
        migrations.AddField(
            "asset", "frozen_by", models.CharField("冻结事由", max_length=60, null=True, blank=True)
        ),
        migrations.AlterField(
            "asset", "status", models.CharField("卡片状态", max_length=10, choices=STATES, default="ACTIVE")
        ),
        migrations.AlterField(
            "formercard", "status", models.CharField("卡片状态", max_length=10, choices=STATES, default="ACTIVE")
        ),
        migrations.RunPython(guards, drop, elidable=False),
    ]
