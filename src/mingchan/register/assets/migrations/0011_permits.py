"""Operators change by a finished case only, kept by the database for whoever writes (2.4.2b).

A card that had an operator, or for which a case allowed one, gets another, or none, with a permit that is used up by
exactly this change (`used_version` is the version the change makes). The same for the right to operate. A permit
itself needs a case that was agreed to.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import append_only


COLUMN = "assets_asset operator changes by a finished case only"
RIGHT = "assets_right OPERATION changes by a finished case only"
PERMIT = "assets_permit needs a finished case"
CODES = "('contract', 'operator_change', 'mode_change')"


def _rules(same: str, other: str) -> list[tuple[str, str, str, str, str]]:
    """Name, table, when, condition under which it is refused, message. `same` and `other` compare with nulls."""
    return [
        (
            "assets_asset_operator_kept", "assets_asset", "BEFORE UPDATE OF operator_id",
            f"""OLD.operator_id {other} NEW.operator_id
            AND (OLD.operator_id IS NOT NULL
                 OR EXISTS (SELECT 1 FROM assets_right r WHERE r.asset_id = OLD.id AND r.kind = 'OPERATION')
                 OR EXISTS (SELECT 1 FROM assets_permit q WHERE q.asset_id = OLD.id))
            AND NOT EXISTS (SELECT 1 FROM assets_permit p WHERE p.asset_id = NEW.id
                            AND p.party_id {same} NEW.operator_id AND p.used_version = NEW.version)""",
            COLUMN,
        ),
        (
            "assets_right_operator_kept", "assets_right", "BEFORE INSERT",
            """NEW.kind = 'OPERATION'
            AND EXISTS (SELECT 1 FROM assets_right r WHERE r.asset_id = NEW.asset_id AND r.kind = 'OPERATION'
                        AND r.party_id <> NEW.party_id AND NOT (r.valid_from = NEW.valid_from AND r.valid_to IS NULL))
            AND NOT EXISTS (SELECT 1 FROM assets_right c WHERE c.asset_id = NEW.asset_id AND c.kind = 'OPERATION'
                            AND c.party_id = NEW.party_id AND (c.valid_to IS NULL OR c.valid_to = NEW.valid_from))
            AND NOT EXISTS (SELECT 1 FROM assets_permit p WHERE p.asset_id = NEW.asset_id
                            AND p.party_id = NEW.party_id AND p.used_on = NEW.valid_from)""",
            RIGHT,
        ),
        (
            "assets_permit_of_a_case", "assets_permit", "BEFORE INSERT",
            f"""NOT EXISTS (SELECT 1 FROM procedures_case c WHERE c.id = NEW.case_id AND c.status = 'APPROVED'
                            AND c.code IN {CODES})""",
            PERMIT,
        ),
    ]  # fmt: skip


def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    same, other = ("IS", "IS NOT") if sqlite else ("IS NOT DISTINCT FROM", "IS DISTINCT FROM")
    for name, table, when, condition, message in _rules(same, other):
        if sqlite:
            editor.execute(
                f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
                params=None,
            )
            continue
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
            params=None,
        )
        first = "WHEN (NEW.kind = 'OPERATION') " if table == "assets_right" else ""
        editor.execute(
            f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW {first}EXECUTE FUNCTION {name}()", params=None
        )


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    for name, table, _when, _condition, _message in _rules("", ""):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else f" ON {table}"), params=None)
        if not sqlite:
            editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('assets', '0010_freeze'),
        ('directory', '0001_initial'),
        ('procedures', '0004_guards_of_reminders'),
    ]

    operations = [
        migrations.CreateModel(
            name='Permit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('division_code', models.CharField(blank=True, default='', max_length=12, verbose_name='区划')),
                ('given_on', models.DateField(verbose_name='许可日期')),
                ('used_on', models.DateField(blank=True, null=True, verbose_name='使用日期')),
                ('used_version', models.PositiveIntegerField(blank=True, null=True, verbose_name='卡片版本')),
                ('asset', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.asset', verbose_name='资产')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.case', verbose_name='审批事项')),
                ('party', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.party', verbose_name='经营者')),
            ],
            options={
                'verbose_name': '经营者变更许可',
                'indexes': [models.Index(fields=['case', 'asset'], name='permit_case')],
                'constraints': [models.UniqueConstraint(fields=('asset', 'case', 'party'), name='permit_once'), models.UniqueConstraint(condition=models.Q(('party__isnull', True)), fields=('asset', 'case'), name='permit_to_end_once'), models.CheckConstraint(condition=models.Q(models.Q(('used_on__isnull', True), ('used_version__isnull', True)), models.Q(('used_on__isnull', False), ('used_version__isnull', False)), _connector='OR'), name='permit_used_whole')],
            },
        ),
        migrations.RunPython(put, drop, elidable=False),
        *append_only("assets_permit", allow_fill_of=("used_on", "used_version")),
    ]
