"""What must never be false of shares, kept by the database (守卫): no payment and no asset is linked beyond its amount.

The triggers name tables of two lower contexts. SQLite rebuilds a table to change it and stumbles over triggers that
name it, so they are put by `post_migrate` and, on SQLite, taken away by `pre_migrate`: a migration of any context finds
none in its way and none is lost. On PostgreSQL they lock payments and assets first, so that two writers at once see
each other. A refused statement raises IntegrityError on both.
"""

from typing import Any

from django.db import connections

USE_MESSAGE = "tracing: shares of a payment exceed what became assets"
ASSET_MESSAGE = "tracing: shares of an asset exceed its cost"
LIVE = "SELECT COALESCE(SUM(s.amount_fen), 0) FROM tracing_paymentshare s WHERE s.valid_to IS NULL AND"

SQLITE = {
    "tracing_share_fits": f"""AFTER INSERT ON tracing_paymentshare FOR EACH ROW WHEN NEW.valid_to IS NULL
BEGIN
  SELECT RAISE(ABORT, '{USE_MESSAGE}') WHERE ({LIVE} s.use_id = NEW.use_id)
    > (SELECT asset_fen FROM funding_funduse WHERE id = NEW.use_id);
  SELECT RAISE(ABORT, '{ASSET_MESSAGE}') WHERE ({LIVE} s.asset_id = NEW.asset_id)
    > (SELECT cost_fen FROM assets_asset WHERE id = NEW.asset_id);
END""",  # noqa: S608 - our own words
    "tracing_cost_covers": f"""BEFORE UPDATE OF cost_fen ON assets_asset FOR EACH ROW WHEN NEW.cost_fen < OLD.cost_fen
BEGIN SELECT RAISE(ABORT, '{ASSET_MESSAGE}') WHERE ({LIVE} s.asset_id = NEW.id) > NEW.cost_fen; END""",
    "tracing_payment_covers": f"""BEFORE UPDATE OF asset_fen ON funding_funduse FOR EACH ROW
WHEN NEW.asset_fen < OLD.asset_fen
BEGIN SELECT RAISE(ABORT, '{USE_MESSAGE}') WHERE ({LIVE} s.use_id = NEW.id) > NEW.asset_fen; END""",
}
REFUSE = "USING ERRCODE = 'integrity_constraint_violation'"
POSTGRES_FUNCTIONS = (
    f"""CREATE OR REPLACE FUNCTION tracing_share_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM funding_funduse WHERE id IN (SELECT use_id FROM fresh) ORDER BY id FOR NO KEY UPDATE;
  PERFORM 1 FROM assets_asset WHERE id IN (SELECT asset_id FROM fresh) ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM tracing_paymentshare s JOIN funding_funduse u ON u.id = s.use_id
             WHERE s.valid_to IS NULL AND s.use_id IN (SELECT use_id FROM fresh WHERE valid_to IS NULL)
             GROUP BY u.id, u.asset_fen HAVING SUM(s.amount_fen) > u.asset_fen) THEN
    RAISE EXCEPTION '{USE_MESSAGE}' {REFUSE};
  END IF;
  IF EXISTS (SELECT 1 FROM tracing_paymentshare s JOIN assets_asset a ON a.id = s.asset_id
             WHERE s.valid_to IS NULL AND s.asset_id IN (SELECT asset_id FROM fresh WHERE valid_to IS NULL)
             GROUP BY a.id, a.cost_fen HAVING SUM(s.amount_fen) > a.cost_fen) THEN
    RAISE EXCEPTION '{ASSET_MESSAGE}' {REFUSE};
  END IF;
  RETURN NULL;
END $$""",  # noqa: S608 - our own words
    f"""CREATE OR REPLACE FUNCTION tracing_cost_covers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({LIVE} s.asset_id = NEW.id) > NEW.cost_fen THEN RAISE EXCEPTION '{ASSET_MESSAGE}' {REFUSE}; END IF;
  RETURN NEW;
END $$""",
    f"""CREATE OR REPLACE FUNCTION tracing_payment_covers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({LIVE} s.use_id = NEW.id) > NEW.asset_fen THEN RAISE EXCEPTION '{USE_MESSAGE}' {REFUSE}; END IF;
  RETURN NEW;
END $$""",
)
POSTGRES = {
    "tracing_share_fits": (
        "tracing_paymentshare",
        "AFTER INSERT ON tracing_paymentshare REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
    ),
    "tracing_cost_covers": (
        "assets_asset",
        "BEFORE UPDATE OF cost_fen ON assets_asset FOR EACH ROW WHEN (NEW.cost_fen < OLD.cost_fen)",
    ),
    "tracing_payment_covers": (
        "funding_funduse",
        "BEFORE UPDATE OF asset_fen ON funding_funduse FOR EACH ROW WHEN (NEW.asset_fen < OLD.asset_fen)",
    ),
}


def take_away(using: str, **_signal: Any) -> None:
    """Before migrations: no trigger on SQLite names a table that is about to be rebuilt."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def put(using: str, **_signal: Any) -> None:
    """After migrations: the triggers stand, once their tables do."""
    connection = connections[using]
    needed = {"tracing_paymentshare", "assets_asset", "funding_funduse"}
    if not needed <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, body in SQLITE.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {body}")
            return
        for statement in POSTGRES_FUNCTIONS:
            cursor.execute(statement)
        for name, (table, when) in POSTGRES.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")
