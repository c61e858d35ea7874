"""Guards (防改触发器): database triggers that refuse UPDATE, DELETE and TRUNCATE on tables that only ever grow.

A second line of defence: it stops accidents and the application itself. A database administrator can drop a trigger,
and the verifier is for that. On both engines a refused statement raises django.db.IntegrityError.

Use in a migration after the one that creates the table:

    operations = [*append_only("ledger_voucher", allow_update_of=("sealed",)), *append_only("ledger_line")]

On SQLite a later change of the table's schema rebuilds it and loses its triggers: that migration must end with
`append_only` for the table again (it replaces triggers of the same name).
"""

from collections.abc import Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _columns(editor: BaseDatabaseSchemaEditor, table: str) -> list[str]:
    with editor.connection.cursor() as cursor:
        return [column.name for column in editor.connection.introspection.get_table_description(cursor, table)]


def _changed(columns: Sequence[str], vendor: str) -> str:
    word = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f'OLD."{column}" {word} NEW."{column}"' for column in columns)


def _create(editor: BaseDatabaseSchemaEditor, table: str, verb: str, condition: str = "") -> None:
    name, message = f"{table}_no_{verb.lower()}", f"{table} is append-only: {verb} refused"
    when = f"WHEN ({condition})" if condition else ""
    if editor.connection.vendor == "sqlite":
        if verb == "TRUNCATE":
            return
        editor.execute(f'DROP TRIGGER IF EXISTS "{name}"', params=None)
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" FOR EACH ROW {when} '
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
            params=None,
        )
        return
    each = "FOR EACH STATEMENT" if verb == "TRUNCATE" else "FOR EACH ROW"
    editor.execute(
        "CREATE OR REPLACE FUNCTION mingchan_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        params=None,
    )
    editor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"', params=None)
    editor.execute(
        f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" {each} {when} EXECUTE FUNCTION mingchan_refuse()',
        params=None,
    )


def _drop(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    for verb in ("update", "delete", "truncate"):
        where = "" if editor.connection.vendor == "sqlite" else f' ON "{table}"'
        editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{verb}"{where}', params=None)


def append_only(
    table: str, *, allow_update_of: Sequence[str] = (), allow_fill_of: Sequence[str] = ()
) -> list[migrations.RunPython]:
    """Operations after which the table's rows can't be deleted, nor changed in any column but those named.

    Columns of `allow_update_of` may change freely, those of `allow_fill_of` once, from null to a value. All are names
    of the database (table and columns), not of models. Reversible.
    """

    def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        fixed = [column for column in _columns(editor, table) if column not in (*allow_update_of, *allow_fill_of)]
        conditions = [_changed(fixed, editor.connection.vendor)]
        for column in allow_fill_of:
            conditions.append(f'(OLD."{column}" IS NOT NULL AND ({_changed([column], editor.connection.vendor)}))')
        _create(editor, table, "UPDATE", " OR ".join(conditions) if allow_update_of or allow_fill_of else "")
        _create(editor, table, "DELETE")
        _create(editor, table, "TRUNCATE")

    return [migrations.RunPython(put, lambda _apps, editor: _drop(editor, table), elidable=False)]


def erasable(table: str, *, emptied: Sequence[str]) -> list[migrations.RunPython]:
    """Operations after which a row can only be emptied: the named binary columns set to nothing together."""

    def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        fixed = [column for column in _columns(editor, table) if column not in emptied]
        kept = " OR ".join(f'length(NEW."{column}") <> 0' for column in emptied)
        _create(editor, table, "UPDATE", f"{_changed(fixed, editor.connection.vendor)} OR {kept}")
        _create(editor, table, "DELETE")
        _create(editor, table, "TRUNCATE")

    return [migrations.RunPython(put, lambda _apps, editor: _drop(editor, table), elidable=False)]


def undeletable(table: str) -> list[migrations.RunPython]:
    """Operations after which rows of the table can change but not be deleted."""

    def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        _create(editor, table, "DELETE")
        _create(editor, table, "TRUNCATE")

    return [migrations.RunPython(put, lambda _apps, editor: _drop(editor, table), elidable=False)]
