"""Guards (防改触发器): database triggers that refuse UPDATE, DELETE and TRUNCATE on tables that only ever grow.

A second line of defence: it stops accidents and the application itself. A database administrator can drop a trigger,
and the verifier is for that. On both engines a refused statement raises django.db.IntegrityError.

Use in a migration after the one that creates the table:

    operations = [*append_only("ledger_voucher", allow_update_of=("sealed",)), *append_only("ledger_line")]

On SQLite a later change of the table's schema rebuilds it and loses its triggers: that migration must end with
`append_only` for the table again (it replaces triggers of the same name).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

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


class Guard(NamedTuple):
    """What is refused before a row is written: trigger, table, verb, the condition under which, and why.

    `condition` speaks of OLD and NEW, empty for always. `first` is a part of it that asks no other table: PostgreSQL
    looks at it without calling the function.
    """

    name: str
    table: str
    verb: str
    condition: str
    why: str
    first: str = ""


Guards = Callable[[str], Sequence[Guard]]
"""A context's guards for an engine, given its word for "differs from" (`IS NOT`, `IS DISTINCT FROM`)."""


def _guards(editor: BaseDatabaseSchemaEditor, rules: Guards) -> Sequence[Guard]:
    return rules("IS NOT" if editor.connection.vendor == "sqlite" else "IS DISTINCT FROM")


def put_guards(editor: BaseDatabaseSchemaEditor, rules: Guards, *, emptied: Sequence[str] = ()) -> None:
    """Create the triggers of the guards, in place of any of their names; the tables `emptied` can't be truncated."""
    drop_guards(editor, rules, emptied=emptied)
    sqlite = editor.connection.vendor == "sqlite"
    for guard in _guards(editor, rules):
        message = guard.why.replace("'", "''")
        parts = [f"({part})" for part in (guard.first, guard.condition) if part]
        if sqlite:
            when = f"WHEN {' AND '.join(parts)}" if parts else ""
            editor.execute(
                f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table} FOR EACH ROW {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
                params=None,
            )
            continue
        answer = "OLD" if guard.verb == "DELETE" else "NEW"
        editor.execute(
            f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
            f"IF {guard.condition or 'TRUE'} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; "
            f"END IF; RETURN {answer}; END $body$",
            params=None,
        )
        when = f"WHEN ({guard.first})" if guard.first else ""
        editor.execute(
            f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table} FOR EACH ROW {when} "
            f"EXECUTE FUNCTION {guard.name}()",
            params=None,
        )
    if not sqlite:
        for table in emptied:
            editor.execute(
                f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION mingchan_refuse()",
                params=None,
            )


def drop_guards(editor: BaseDatabaseSchemaEditor, rules: Guards, *, emptied: Sequence[str] = ()) -> None:
    """Drop the triggers of the guards where they are."""
    sqlite = editor.connection.vendor == "sqlite"
    for guard in _guards(editor, rules):
        editor.execute(f"DROP TRIGGER IF EXISTS {guard.name}" + ("" if sqlite else f" ON {guard.table}"), params=None)
        if not sqlite:
            editor.execute(f"DROP FUNCTION IF EXISTS {guard.name}()", params=None)
    if not sqlite:
        for table in emptied:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_not_emptied ON {table}", params=None)


def guarded(rules: Guards, *, emptied: Sequence[str] = ()) -> migrations.RunPython:
    """The operation that puts a context's guards; reversible."""
    return migrations.RunPython(
        lambda _apps, editor: put_guards(editor, rules, emptied=emptied),
        lambda _apps, editor: drop_guards(editor, rules, emptied=emptied),
        elidable=False,
    )
