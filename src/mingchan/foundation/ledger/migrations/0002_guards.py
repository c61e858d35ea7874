"""What the database refuses by itself, on both engines: any change to a posted voucher, and any that doesn't balance.

The order of a posting is: voucher unsealed, its lines, the sealing. Every refusal is an IntegrityError for the caller.
"""

from django.db import migrations

VOUCHER_COLUMNS = (
    "id", "county", "book_id", "number", "kind", "day", "month", "division_code", "summary", "source", "key",
    "reverses_id", "line_count", "total_fen", "lines_digest", "line_marks", "posted_by", "recorded_at",
)

CLOSED_SQLITE = """
    EXISTS (SELECT 1 FROM ledger_period WHERE book_id = NEW.book_id AND month >= NEW.month)
    AND NOT EXISTS (SELECT 1 FROM ledger_period WHERE book_id = NEW.book_id AND month = NEW.month
                    AND reopened_at <= NEW.recorded_at AND reopened_until > NEW.recorded_at)
"""

SQLITE = [
    f"""
    CREATE TRIGGER ledger_voucher_written BEFORE INSERT ON ledger_voucher BEGIN
        SELECT RAISE(ABORT, 'a voucher is written unsealed') WHERE NEW.sealed <> 0;
        SELECT RAISE(ABORT, 'a voucher is not replaced') WHERE EXISTS (
            SELECT 1 FROM ledger_voucher WHERE id = NEW.id OR (county = NEW.county AND "key" = NEW."key")
            OR reverses_id = NEW.reverses_id);
        SELECT RAISE(ABORT, 'voucher numbers have no gap') WHERE NEW.number <> 1 + (
            SELECT COALESCE(MAX(number), 0) FROM ledger_voucher
            WHERE book_id = NEW.book_id AND month = NEW.month AND kind = NEW.kind);
        SELECT RAISE(ABORT, 'the month is the month of the day')
            WHERE NEW.month IS NOT CAST(strftime('%Y%m', NEW.day) AS INTEGER);
        SELECT RAISE(ABORT, 'the voucher is of its book''s county')
            WHERE NEW.county IS NOT (SELECT county FROM ledger_book WHERE id = NEW.book_id);
        SELECT RAISE(ABORT, 'only a posted voucher of the same book is reversed, and no reversal') WHERE
            NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_voucher WHERE id = NEW.reverses_id
            AND book_id = NEW.book_id AND sealed = 1 AND reverses_id IS NULL);
        SELECT RAISE(ABORT, 'the period is closed') WHERE {CLOSED_SQLITE};
    END
    """,
    f"""
    CREATE TRIGGER ledger_voucher_kept BEFORE UPDATE ON ledger_voucher
    WHEN OLD.sealed <> 0 OR NEW.sealed <> 1
        OR {" OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in VOUCHER_COLUMNS)}
    BEGIN SELECT RAISE(ABORT, 'a voucher never changes'); END
    """,
    f"""
    CREATE TRIGGER ledger_voucher_sealed BEFORE UPDATE OF sealed ON ledger_voucher BEGIN
        SELECT RAISE(ABORT, 'the voucher does not balance') FROM (
            SELECT COUNT(*) AS n, COALESCE(SUM(debit_fen), 0) AS debit, COALESCE(SUM(credit_fen), 0) AS credit,
                   MIN(debit_fen + credit_fen) AS low, MAX(debit_fen + credit_fen) AS high,
                   MIN(line_no) AS first, MAX(line_no) AS last
            FROM ledger_line WHERE voucher_id = NEW.id)
        WHERE n <> NEW.line_count OR debit <> NEW.total_fen OR credit <> NEW.total_fen OR first <> 1 OR last <> n
            OR (NEW.reverses_id IS NULL AND low < 0)
            OR (NEW.reverses_id IS NOT NULL AND (high > 0 OR EXISTS (
                SELECT 1 FROM ledger_voucher AS original WHERE original.id = NEW.reverses_id
                AND (original.total_fen <> -NEW.total_fen OR original.line_count <> NEW.line_count))));
        SELECT RAISE(ABORT, 'the period is closed') WHERE {CLOSED_SQLITE};
    END
    """,
    """
    CREATE TRIGGER ledger_voucher_not_deleted BEFORE DELETE ON ledger_voucher
    BEGIN SELECT RAISE(ABORT, 'a voucher never goes'); END
    """,
    """
    CREATE TRIGGER ledger_line_written BEFORE INSERT ON ledger_line
    WHEN NOT EXISTS (SELECT 1 FROM ledger_voucher WHERE id = NEW.voucher_id AND sealed = 0
                     AND book_id = NEW.book_id AND month = NEW.month)
        OR NOT EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.account_id AND book_id = NEW.book_id
                       AND is_leaf = 1 AND is_active = 1)
        OR EXISTS (SELECT 1 FROM ledger_line WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'a line goes into an unsealed voucher and an active last-level account of its book'); END
    """,
    """
    CREATE TRIGGER ledger_line_kept BEFORE UPDATE ON ledger_line
    BEGIN SELECT RAISE(ABORT, 'a line never changes'); END
    """,
    """
    CREATE TRIGGER ledger_line_not_deleted BEFORE DELETE ON ledger_line
    BEGIN SELECT RAISE(ABORT, 'a line never goes'); END
    """,
    """
    CREATE TRIGGER ledger_period_written BEFORE INSERT ON ledger_period
    WHEN NEW.reopened_until IS NOT NULL
        OR EXISTS (SELECT 1 FROM ledger_period WHERE id = NEW.id OR (book_id = NEW.book_id AND month = NEW.month))
    BEGIN SELECT RAISE(ABORT, 'a period begins without a reopening'); END
    """,
    """
    CREATE TRIGGER ledger_period_kept BEFORE UPDATE ON ledger_period
    WHEN NEW.id <> OLD.id OR NEW.book_id <> OLD.book_id OR NEW.month <> OLD.month
        OR (NEW.reopened_until IS NOT NULL
            AND julianday(NEW.reopened_until) - julianday(NEW.reopened_at) > 3.00001)
    BEGIN SELECT RAISE(ABORT, 'a closed period opens for 72 hours at most'); END
    """,
    """
    CREATE TRIGGER ledger_period_not_deleted BEFORE DELETE ON ledger_period
    BEGIN SELECT RAISE(ABORT, 'a period never goes'); END
    """,
    """
    CREATE TRIGGER ledger_account_kept BEFORE UPDATE ON ledger_account
    WHEN NEW.id <> OLD.id OR NEW.book_id <> OLD.book_id OR NEW.code <> OLD.code OR NEW.element <> OLD.element
        OR NEW.normal_side <> OLD.normal_side OR NEW.parent_code <> OLD.parent_code
    BEGIN SELECT RAISE(ABORT, 'an account keeps its code and side'); END
    """,
    """
    CREATE TRIGGER ledger_balance_kept BEFORE UPDATE ON ledger_monthbalance
    WHEN NEW.id <> OLD.id OR NEW.book_id <> OLD.book_id OR NEW.account_id <> OLD.account_id OR NEW.month <> OLD.month
    BEGIN SELECT RAISE(ABORT, 'a month balance keeps its account and month'); END
    """,
    """
    CREATE TRIGGER ledger_balance_not_deleted BEFORE DELETE ON ledger_monthbalance
    BEGIN SELECT RAISE(ABORT, 'a month balance never goes'); END
    """,
]

REFUSE = "RAISE EXCEPTION '{}' USING ERRCODE = 'check_violation';"
CLOSED_POSTGRESQL = f"""
    IF EXISTS (SELECT 1 FROM ledger_period WHERE book_id = NEW.book_id AND month >= NEW.month)
       AND NOT EXISTS (SELECT 1 FROM ledger_period WHERE book_id = NEW.book_id AND month = NEW.month
                       AND reopened_at <= NEW.recorded_at AND reopened_until > NEW.recorded_at)
    THEN {REFUSE.format("the period is closed")} END IF;
"""
BALANCED_POSTGRESQL = f"""
    SELECT COUNT(*) AS n, COALESCE(SUM(debit_fen), 0) AS debit, COALESCE(SUM(credit_fen), 0) AS credit,
           MIN(debit_fen + credit_fen) AS low, MAX(debit_fen + credit_fen) AS high,
           MIN(line_no) AS first, MAX(line_no) AS last
    INTO found FROM ledger_line WHERE voucher_id = NEW.id;
    IF found.n <> NEW.line_count OR found.debit <> NEW.total_fen OR found.credit <> NEW.total_fen
       OR found.first <> 1 OR found.last <> found.n
       OR (NEW.reverses_id IS NULL AND found.low < 0)
       OR (NEW.reverses_id IS NOT NULL AND (found.high > 0 OR EXISTS (
           SELECT 1 FROM ledger_voucher AS original WHERE original.id = NEW.reverses_id
           AND (original.total_fen <> -NEW.total_fen OR original.line_count <> NEW.line_count))))
    THEN {REFUSE.format("the voucher does not balance")} END IF;
"""


def _function(name: str, body: str, declare: str = "") -> str:
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
    {declare}
    BEGIN
    {body}
    END $body$
    """


POSTGRESQL = [
    _function("ledger_never", REFUSE.format("a posted voucher never changes and never goes")),
    _function(
        "ledger_voucher_written",
        f"""
        PERFORM 1 FROM ledger_book WHERE id = NEW.book_id FOR UPDATE;
        IF NEW.sealed <> 0 THEN {REFUSE.format("a voucher is written unsealed")} END IF;
        IF NEW.number <> 1 + (SELECT COALESCE(MAX(number), 0) FROM ledger_voucher
            WHERE book_id = NEW.book_id AND month = NEW.month AND kind = NEW.kind)
        THEN {REFUSE.format("voucher numbers have no gap")} END IF;
        IF NEW.month <> EXTRACT(YEAR FROM NEW.day) * 100 + EXTRACT(MONTH FROM NEW.day)
        THEN {REFUSE.format("the month is the month of the day")} END IF;
        IF NEW.county IS DISTINCT FROM (SELECT county FROM ledger_book WHERE id = NEW.book_id)
        THEN {REFUSE.format("the voucher is of the county of its book")} END IF;
        IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_voucher WHERE id = NEW.reverses_id
            AND book_id = NEW.book_id AND sealed = 1 AND reverses_id IS NULL)
        THEN {REFUSE.format("only a posted voucher of the same book is reversed, and no reversal")} END IF;
        {CLOSED_POSTGRESQL}
        RETURN NEW;
        """,
    ),
    _function(
        "ledger_voucher_kept",
        f"""
        IF OLD.sealed <> 0 OR NEW.sealed <> 1
           OR ({", ".join(f'NEW."{name}"' for name in VOUCHER_COLUMNS)})
              IS DISTINCT FROM ({", ".join(f'OLD."{name}"' for name in VOUCHER_COLUMNS)})
        THEN {REFUSE.format("a voucher never changes")} END IF;
        {BALANCED_POSTGRESQL}
        {CLOSED_POSTGRESQL}
        RETURN NEW;
        """,
        "DECLARE found record;",
    ),
    _function(
        "ledger_voucher_settled",
        f"""
        IF (SELECT sealed FROM ledger_voucher WHERE id = NEW.id) IS DISTINCT FROM 1
        THEN {REFUSE.format("a voucher is sealed in the transaction that writes it")} END IF;
        {BALANCED_POSTGRESQL}
        RETURN NULL;
        """,
        "DECLARE found record;",
    ),
    _function(
        "ledger_lines_written",
        f"""
        IF EXISTS (SELECT 1 FROM added
            LEFT JOIN ledger_voucher AS voucher ON voucher.id = added.voucher_id AND voucher.sealed = 0
                AND voucher.book_id = added.book_id AND voucher.month = added.month
            LEFT JOIN ledger_account AS account ON account.id = added.account_id AND account.book_id = added.book_id
                AND account.is_leaf AND account.is_active
            WHERE voucher.id IS NULL OR account.id IS NULL)
        THEN {REFUSE.format("a line goes into an unsealed voucher and an active last-level account of its book")} END IF;
        RETURN NULL;
        """,
    ),
    _function(
        "ledger_period_kept",
        f"""
        IF TG_OP = 'DELETE' THEN {REFUSE.format("a period never goes")} END IF;
        IF TG_OP = 'INSERT' THEN
            IF NEW.reopened_until IS NOT NULL THEN {REFUSE.format("a period begins without a reopening")} END IF;
            RETURN NEW;
        END IF;
        IF (NEW.id, NEW.book_id, NEW.month) IS DISTINCT FROM (OLD.id, OLD.book_id, OLD.month)
           OR NEW.reopened_until > NEW.reopened_at + INTERVAL '72 hours 1 second'
        THEN {REFUSE.format("a closed period opens for 72 hours at most")} END IF;
        RETURN NEW;
        """,
    ),
    _function(
        "ledger_account_kept",
        f"""
        IF (NEW.id, NEW.book_id, NEW.code, NEW.element, NEW.normal_side, NEW.parent_code)
           IS DISTINCT FROM (OLD.id, OLD.book_id, OLD.code, OLD.element, OLD.normal_side, OLD.parent_code)
        THEN {REFUSE.format("an account keeps its code and side")} END IF;
        RETURN NEW;
        """,
    ),
    _function(
        "ledger_balance_kept",
        f"""
        IF TG_OP = 'DELETE' THEN {REFUSE.format("a month balance never goes")} END IF;
        IF (NEW.id, NEW.book_id, NEW.account_id, NEW.month)
           IS DISTINCT FROM (OLD.id, OLD.book_id, OLD.account_id, OLD.month)
        THEN {REFUSE.format("a month balance keeps its account and month")} END IF;
        RETURN NEW;
        """,
    ),
    """CREATE TRIGGER ledger_voucher_written BEFORE INSERT ON ledger_voucher
       FOR EACH ROW EXECUTE FUNCTION ledger_voucher_written()""",
    """CREATE TRIGGER ledger_voucher_kept BEFORE UPDATE ON ledger_voucher
       FOR EACH ROW EXECUTE FUNCTION ledger_voucher_kept()""",
    """CREATE TRIGGER ledger_voucher_not_deleted BEFORE DELETE ON ledger_voucher
       FOR EACH ROW EXECUTE FUNCTION ledger_never()""",
    """CREATE CONSTRAINT TRIGGER ledger_voucher_settled AFTER INSERT ON ledger_voucher
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_voucher_settled()""",
    """CREATE TRIGGER ledger_lines_written AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS added
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_written()""",
    """CREATE TRIGGER ledger_line_kept BEFORE UPDATE OR DELETE ON ledger_line
       FOR EACH ROW EXECUTE FUNCTION ledger_never()""",
    """CREATE TRIGGER ledger_voucher_not_emptied BEFORE TRUNCATE ON ledger_voucher
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_never()""",
    """CREATE TRIGGER ledger_line_not_emptied BEFORE TRUNCATE ON ledger_line
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_never()""",
    """CREATE TRIGGER ledger_period_kept BEFORE INSERT OR UPDATE OR DELETE ON ledger_period
       FOR EACH ROW EXECUTE FUNCTION ledger_period_kept()""",
    """CREATE TRIGGER ledger_account_kept BEFORE UPDATE ON ledger_account
       FOR EACH ROW EXECUTE FUNCTION ledger_account_kept()""",
    """CREATE TRIGGER ledger_balance_kept BEFORE UPDATE OR DELETE ON ledger_monthbalance
       FOR EACH ROW EXECUTE FUNCTION ledger_balance_kept()""",
]


def guard(apps, schema_editor):
    """Lay the guards of the engine in use."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    """Take them away again (the migration can be undone on an empty system)."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {statement.split()[2]}", params=None)
        return
    for statement in reversed(POSTGRESQL):
        words = statement.split()
        if words[1] == "FUNCTION":
            schema_editor.execute(f"DROP FUNCTION {words[2]}", params=None)
        else:
            name, table = words[words.index("TRIGGER") + 1], words[words.index("ON") + 1]
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}", params=None)


class Migration(migrations.Migration):

    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
