"""The keys of lines are kept by the guards, a whole statement at a time, and no more row by row at the commit.

The guard of lines (`0002_guards`) refuses a line without an unsealed voucher and an active account of its book; lines
never change; vouchers never go, and from here on accounts don't either. On SQLite the keys stay in a table that was made step by step.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = """CREATE TRIGGER ledger_account_not_deleted BEFORE DELETE ON ledger_account
    BEGIN SELECT RAISE(ABORT, 'an account never goes'); END"""
POSTGRESQL = (
    """CREATE TRIGGER ledger_account_not_deleted BEFORE DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_never()""",
    """CREATE TRIGGER ledger_account_not_emptied BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never()""",
)
KEYS = """SELECT conname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
    WHERE conrelid = 'ledger_line'::regclass AND contype = 'f' AND attname IN ('voucher_id', 'account_id')"""


def put(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)
        return
    for statement in POSTGRESQL:
        schema_editor.execute(statement)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(KEYS)
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        schema_editor.execute(f'ALTER TABLE ledger_line DROP CONSTRAINT "{name}"')


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER ledger_account_not_deleted")
        return
    for name in ("deleted", "emptied"):
        schema_editor.execute(f"DROP TRIGGER ledger_account_not_{name} ON ledger_account")
    for name in ("voucher", "account"):
        schema_editor.execute(
            f"ALTER TABLE ledger_line ADD CONSTRAINT ledger_line_{name}_fk FOREIGN KEY ({name}_id) "
            f"REFERENCES ledger_{name} (id) DEFERRABLE INITIALLY DEFERRED"
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(put, drop)],
            state_operations=[
                migrations.AlterField(
                    "line",
                    "voucher",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines", to="ledger.voucher",
                    ),
                ),
                migrations.AlterField(
                    "line",
                    "account",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="ledger.account",
                    ),
                ),
            ],
        ),
    ]
