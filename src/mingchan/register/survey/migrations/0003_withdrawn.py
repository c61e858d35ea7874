"""A survey may be taken back; like a settled one it never changes again, nor do its matches and differences.

On SQLite the survey's table is made anew, so its triggers are put again, and those of the parts with them.
"""

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import undeletable

PARTS = ("survey_match", "survey_difference")
STATE = "(SELECT state FROM survey_survey WHERE id = {row}.survey_id)"
WAS, NOW = "('SETTLED')", "('SETTLED', 'WITHDRAWN')"
FUNCTION = """
    CREATE OR REPLACE FUNCTION survey_refuse_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' AND (SELECT state FROM survey_survey WHERE id = OLD.survey_id) IN {over}
        OR TG_OP <> 'DELETE' AND (SELECT state FROM survey_survey WHERE id = NEW.survey_id) IN {over} THEN
            RAISE EXCEPTION 'the survey is over: % of % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
"""


def _put(editor: BaseDatabaseSchemaEditor, over: str) -> None:
    if editor.connection.vendor == "sqlite":
        for table in PARTS:
            for verb, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
                ended = " OR ".join(f"{STATE.format(row=row)} IN {over}" for row in rows)
                editor.execute(
                    f"CREATE TRIGGER {table}_settled_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW "
                    f"WHEN {ended} BEGIN SELECT RAISE(ABORT, 'the survey is over'); END",
                    params=None,
                )
        editor.execute(
            "CREATE TRIGGER survey_survey_settled BEFORE UPDATE ON survey_survey FOR EACH ROW "
            f"WHEN OLD.state IN {over} BEGIN SELECT RAISE(ABORT, 'the survey is over'); END",
            params=None,
        )
        return
    editor.execute(FUNCTION.format(over=over), params=None)
    editor.execute(
        "CREATE TRIGGER survey_survey_settled BEFORE UPDATE ON survey_survey FOR EACH ROW "
        f"WHEN (OLD.state IN {over}) EXECUTE FUNCTION survey_keep_settled()",
        params=None,
    )


def take_off(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        for table in PARTS:
            for verb in ("insert", "update", "delete"):
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_settled_{verb}", params=None)
        editor.execute("DROP TRIGGER IF EXISTS survey_survey_settled", params=None)
        return
    editor.execute("DROP TRIGGER IF EXISTS survey_survey_settled ON survey_survey", params=None)


def put_new(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _put(editor, NOW)


def put_old(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _put(editor, WAS)


class Migration(migrations.Migration):
    dependencies = [("survey", "0002_frozen"), ("evidence", "0002_guards")]

    operations = [
        migrations.RunPython(take_off, put_old, elidable=False),
        migrations.RemoveConstraint(model_name="survey", name="survey_state_known"),
        migrations.AlterField(
            model_name="survey",
            name="state",
            field=models.CharField(
                choices=[
                    ("MATCHING", "待匹配"),
                    ("SETTLING", "处理中"),
                    ("SETTLED", "已办结"),
                    ("WITHDRAWN", "已收回"),
                ],
                default="MATCHING",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["MATCHING", "SETTLING", "SETTLED", "WITHDRAWN"])),
                name="survey_state_known",
            ),
        ),
        *undeletable("survey_survey"),
        migrations.RunPython(put_new, take_off, elidable=False),
    ]
