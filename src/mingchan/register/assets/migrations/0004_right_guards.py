"""What must never be false of rights, kept by the database (2.3).

On no day do the shares of one kind of one asset exceed the whole, and a right that was written is never changed but
for the day it ends. Both raise an IntegrityError for whoever writes. On PostgreSQL the trigger locks the assets first,
so that two writers at once see each other; SQLite has one writer at a time.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import append_only

MESSAGE = "assets_right shares exceed the whole"
FOREVER = "'9999-12-31'"

SQLITE_OVERLAPS = f"""r.asset_id = NEW.asset_id AND r.kind = NEW.kind AND r.id <> NEW.id
    AND (NEW.valid_to IS NULL OR NEW.valid_to > NEW.valid_from) AND (r.valid_to IS NULL OR r.valid_to > r.valid_from)
    AND r.valid_from < COALESCE(NEW.valid_to, {FOREVER}) AND COALESCE(r.valid_to, {FOREVER}) > NEW.valid_from"""

SQLITE_CHECK = f"""
BEGIN
  SELECT RAISE(ABORT, '{MESSAGE}') WHERE EXISTS (
    SELECT 1 FROM assets_right r WHERE {SQLITE_OVERLAPS} AND r.share_denominator <> NEW.share_denominator);
  SELECT RAISE(ABORT, '{MESSAGE}') WHERE EXISTS (
    SELECT 1 FROM assets_right d
    WHERE d.asset_id = NEW.asset_id AND d.kind = NEW.kind AND d.valid_from >= NEW.valid_from
      AND d.valid_from < COALESCE(NEW.valid_to, {FOREVER})
      AND (SELECT SUM(q.share_numerator) FROM assets_right q
           WHERE q.asset_id = NEW.asset_id AND q.kind = NEW.kind AND q.valid_from <= d.valid_from
             AND (q.valid_to IS NULL OR q.valid_to > d.valid_from)) > NEW.share_denominator);
END"""

SQLITE = (
    f"""CREATE TRIGGER assets_right_whole AFTER INSERT ON assets_right FOR EACH ROW
    WHEN EXISTS (SELECT 1 FROM assets_right r WHERE {SQLITE_OVERLAPS}) {SQLITE_CHECK}""",
    f"""CREATE TRIGGER assets_right_whole_longer AFTER UPDATE ON assets_right FOR EACH ROW
    WHEN NOT (NEW.asset_id = OLD.asset_id AND NEW.kind = OLD.kind AND NEW.share_numerator = OLD.share_numerator
              AND NEW.share_denominator = OLD.share_denominator AND NEW.valid_from >= OLD.valid_from
              AND COALESCE(NEW.valid_to, {FOREVER}) <= COALESCE(OLD.valid_to, {FOREVER})) {SQLITE_CHECK}""",
)

POSTGRES = (
    f"""CREATE OR REPLACE FUNCTION assets_right_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NOT EXISTS (
        SELECT 1 FROM fresh f JOIN stale s ON s.id = f.id
        WHERE NOT (f.asset_id = s.asset_id AND f.kind = s.kind AND f.share_numerator = s.share_numerator
                   AND f.share_denominator = s.share_denominator AND f.valid_from >= s.valid_from
                   AND COALESCE(f.valid_to, 'infinity'::date) <= COALESCE(s.valid_to, 'infinity'::date))) THEN
      RETURN NULL;
    END IF;
  END IF;
  PERFORM 1 FROM assets_asset WHERE id IN (SELECT asset_id FROM fresh) ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (
      SELECT 1 FROM fresh f JOIN assets_right r ON r.asset_id = f.asset_id AND r.kind = f.kind AND r.id <> f.id
      WHERE r.share_denominator <> f.share_denominator
        AND (f.valid_to IS NULL OR f.valid_to > f.valid_from) AND (r.valid_to IS NULL OR r.valid_to > r.valid_from)
        AND r.valid_from < COALESCE(f.valid_to, 'infinity'::date)
        AND COALESCE(r.valid_to, 'infinity'::date) > f.valid_from)
    OR EXISTS (
      SELECT 1 FROM fresh f
      JOIN assets_right r ON r.asset_id = f.asset_id AND r.kind = f.kind AND r.id <> f.id
      JOIN assets_right d ON d.asset_id = f.asset_id AND d.kind = f.kind AND d.valid_from >= f.valid_from
        AND d.valid_from < COALESCE(f.valid_to, 'infinity'::date)
      WHERE (SELECT SUM(q.share_numerator) FROM assets_right q
             WHERE q.asset_id = f.asset_id AND q.kind = f.kind AND q.valid_from <= d.valid_from
               AND (q.valid_to IS NULL OR q.valid_to > d.valid_from)) > f.share_denominator) THEN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$""",
    """CREATE TRIGGER assets_right_whole AFTER INSERT ON assets_right
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION assets_right_whole()""",
    """CREATE TRIGGER assets_right_whole_longer AFTER UPDATE ON assets_right
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION assets_right_whole()""",
)


def put(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRES:
        editor.execute(statement, params=None)


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    where = "" if editor.connection.vendor == "sqlite" else " ON assets_right"
    for name in ("assets_right_whole", "assets_right_whole_longer"):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{where}", params=None)


class Migration(migrations.Migration):
    dependencies = [("assets", "0003_right_shares")]
    operations = [
        migrations.RunPython(put, drop, elidable=False),
        *append_only("assets_right", allow_fill_of=("valid_to",)),
    ]
