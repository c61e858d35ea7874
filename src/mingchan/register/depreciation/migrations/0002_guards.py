"""What the database refuses by itself: charges outside a run that is being written, and any change of what is posted.

A charge goes into an unfinished run only and never changes; of a term nothing changes but its end; a run is written,
posted, reversed, in this order, and keeps what it vouched for. The guard of charges looks at whole statements on
PostgreSQL: asked row by row it would cost more than the charges.
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

VOUCHED = (
    "county", "book_id", "month", "kind", "day", "posted_by", "count", "total_fen", "charges_digest", "terms_digest",
    "voucher_id",
)  # fmt: skip
FIXED = VOUCHED[:6]
RUN, CHARGE = "depreciation_run", "depreciation_charge"


def rules(differs):
    """The guards, in the engine's words."""
    changed = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in VOUCHED)
    begun = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in FIXED)
    return (
        Guard("depreciation_run_begins", RUN, "INSERT", "NEW.state <> 0", "a run begins unwritten"),
        Guard(
            "depreciation_run_kept",
            RUN,
            "UPDATE",
            f"OLD.id <> NEW.id OR NEW.state <> OLD.state + 1 OR (OLD.state = 0 AND ({begun}))"
            f" OR (OLD.state = 1 AND ({changed}))",
            "a run is posted, then reversed, and keeps what it vouched for",
        ),
        Guard("depreciation_run_stays", RUN, "DELETE", "", "a run never goes"),
    )


SQLITE = f"""
    CREATE TRIGGER depreciation_charge_written BEFORE INSERT ON {CHARGE}
    WHEN NOT EXISTS (SELECT 1 FROM {RUN} WHERE id = NEW.run_id AND state = 0)
    BEGIN SELECT RAISE(ABORT, 'a charge goes into a run that is being written'); END
"""
POSTGRESQL = (
    f"""
    CREATE FUNCTION depreciation_charge_written() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF EXISTS (SELECT 1 FROM (SELECT DISTINCT run_id FROM added) AS a
                   LEFT JOIN {RUN} AS run ON run.id = a.run_id AND run.state = 0 WHERE run.id IS NULL)
        THEN RAISE EXCEPTION 'a charge goes into a run that is being written' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $body$
    """,
    f"""CREATE TRIGGER depreciation_charge_written AFTER INSERT ON {CHARGE} REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION depreciation_charge_written()""",
)


def put(_apps, editor):
    """Lay the guard of charges."""
    for statement in (SQLITE,) if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement, params=None)


def drop(_apps, editor):
    """Take it away."""
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER IF EXISTS depreciation_charge_written", params=None)
        return
    editor.execute(f"DROP TRIGGER IF EXISTS depreciation_charge_written ON {CHARGE}", params=None)
    editor.execute("DROP FUNCTION IF EXISTS depreciation_charge_written()", params=None)


class Migration(migrations.Migration):

    dependencies = [("depreciation", "0001_runs"), ("evidence", "0002_guards")]

    operations = [
        migrations.RunPython(put, drop, elidable=False),
        guarded(rules, emptied=(RUN,)),
        *append_only(CHARGE),
        *append_only("depreciation_term", allow_update_of=("ended_by_id", "is_live")),
    ]
