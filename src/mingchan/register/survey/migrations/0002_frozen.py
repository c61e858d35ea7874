"""What the database refuses by itself, on both engines: rows and marks never change, and nothing of a settled survey
changes, neither the survey itself nor its matches and differences. A refusal is an IntegrityError for the caller.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import append_only, undeletable

PARTS = ("survey_match", "survey_difference")
STATE = "(SELECT state FROM survey_survey WHERE id = {row}.survey_id)"

FUNCTION = """
    CREATE OR REPLACE FUNCTION survey_refuse_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' AND (SELECT state FROM survey_survey WHERE id = OLD.survey_id) = 'SETTLED'
        OR TG_OP <> 'DELETE' AND (SELECT state FROM survey_survey WHERE id = NEW.survey_id) = 'SETTLED' THEN
            RAISE EXCEPTION 'the survey is settled: % of % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
"""
SETTLED = """
    CREATE OR REPLACE FUNCTION survey_keep_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'the survey is settled' USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""


def _freeze(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        for table in PARTS:
            for verb, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
                settled = " OR ".join(f"{STATE.format(row=row)} = 'SETTLED'" for row in rows)
                editor.execute(
                    f"CREATE TRIGGER {table}_settled_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW "
                    f"WHEN {settled} BEGIN SELECT RAISE(ABORT, 'the survey is settled'); END",
                    params=None,
                )
        editor.execute(
            "CREATE TRIGGER survey_survey_settled BEFORE UPDATE ON survey_survey FOR EACH ROW "
            "WHEN OLD.state = 'SETTLED' BEGIN SELECT RAISE(ABORT, 'the survey is settled'); END",
            params=None,
        )
        return
    editor.execute(FUNCTION, params=None)
    editor.execute(SETTLED, params=None)
    for table in PARTS:
        editor.execute(
            f"CREATE TRIGGER {table}_settled BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION survey_refuse_settled()",
            params=None,
        )
    editor.execute(
        "CREATE TRIGGER survey_survey_settled BEFORE UPDATE ON survey_survey FOR EACH ROW "
        "WHEN (OLD.state = 'SETTLED') EXECUTE FUNCTION survey_keep_settled()",
        params=None,
    )


def _thaw(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    for table in PARTS:
        names = [f"{table}_settled_{verb}" for verb in ("insert", "update", "delete")] if sqlite else [f"{table}_settled"]
        for name in names:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}{'' if sqlite else f' ON {table}'}", params=None)
    editor.execute(f"DROP TRIGGER IF EXISTS survey_survey_settled{'' if sqlite else ' ON survey_survey'}", params=None)


class Migration(migrations.Migration):
    dependencies = [("survey", "0001_initial")]

    operations = [
        *append_only("survey_surveyrow"),
        *append_only("survey_scopemark"),
        *undeletable("survey_survey"),
        migrations.RunPython(_freeze, _thaw, elidable=False),
    ]
