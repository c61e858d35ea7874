"""What the database refuses and keeps by itself, on both engines: a receivable's amount never changes, nothing makes it
smaller without a receipt, a finished case or a cancellation, and the sums beside it are those of its entries.

Every refusal is an IntegrityError for the caller.
"""

from typing import Any

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded, undeletable

ENTRIES_OF_RECEIVABLE = "(SELECT COALESCE(SUM(fen), 0) FROM income_entry WHERE receivable_id = NEW.id)"
USED_OF_RECEIPT = """((SELECT COALESCE(SUM(fen), 0) FROM income_entry WHERE receipt_id = NEW.id)
    + (SELECT COALESCE(SUM(fen), 0) FROM income_refund WHERE receipt_id = NEW.id AND kind <> 'DEPOSIT'))"""
LINES_MAY = "(SELECT state FROM income_settlement WHERE id = {row}.settlement_id) <> 'PREPARED'"


def _rules(word: str) -> list[Guard]:
    """Name, table, verb, condition under which it's refused, and why. `word` compares with nulls."""
    rows = [
        (
            "income_receivable_begins", "income_receivable", "INSERT", "NEW.settled_fen <> 0",
            "a receivable begins with nothing settled",
        ),
        (
            "income_receivable_sum", "income_receivable", "UPDATE",
            f"NEW.settled_fen <> {ENTRIES_OF_RECEIVABLE}",
            "what is settled of a receivable is the sum of its entries",
        ),
        (
            "income_receivable_cancel", "income_receivable", "UPDATE",
            f"""NEW.cancelled_on {word} OLD.cancelled_on AND NOT EXISTS (SELECT 1 FROM income_cancellation AS c
            WHERE c.receivable_id = NEW.id AND c.cancelled_on = NEW.cancelled_on)""",
            "a receivable is cancelled by a cancellation",
        ),
        ("income_receipt_begins", "income_receipt", "INSERT", "NEW.used_fen <> 0", "a receipt begins unused"),
        (
            "income_receipt_sum", "income_receipt", "UPDATE",
            f"NEW.used_fen <> {USED_OF_RECEIPT}",
            "what is used of a receipt is the sum of its entries and refunds",
        ),
        (
            "income_receipt_return", "income_receipt", "UPDATE",
            f"""NEW.returned_on {word} OLD.returned_on AND NOT EXISTS (SELECT 1 FROM income_refund AS r
            WHERE r.receipt_id = NEW.id AND r.kind = 'RETURNED' AND r.day = NEW.returned_on AND r.fen = NEW.fen)""",
            "a receipt is returned by a refund of the whole",
        ),
        (
            "income_cancellation_of_open", "income_cancellation", "INSERT",
            "(SELECT settled_fen FROM income_receivable WHERE id = NEW.receivable_id) <> 0",
            "a receivable of which something was settled is not cancelled",
        ),
        (
            "income_entry_cancellation", "income_entry", "INSERT",
            """NEW.kind = 'CANCELLATION' AND NOT EXISTS (SELECT 1 FROM income_cancellation AS c
            JOIN income_receivable AS r ON r.id = c.receivable_id
            WHERE c.id = NEW.cancellation_id AND r.id = NEW.receivable_id AND r.fen = NEW.fen
            AND c.cancelled_on = NEW.day)""",
            "a cancellation takes the whole of its receivable",
        ),
        (
            "income_entry_case", "income_entry", "INSERT",
            """NEW.remission_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM income_remission AS m
            JOIN procedures_case AS c ON c.id = m.case_id
            WHERE m.id = NEW.remission_id AND m.receivable_id = NEW.receivable_id AND m.fen = NEW.fen
            AND m.kind = NEW.kind AND c.code = 'remission' AND c.status = 'APPROVED')""",
            "a receivable is given up by a finished case only",
        ),
        (
            "income_entry_receipt", "income_entry", "INSERT",
            """NEW.receipt_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM income_receipt AS p
            JOIN income_receivable AS r ON r.id = NEW.receivable_id
            WHERE p.id = NEW.receipt_id AND p.creditor_id = r.creditor_id AND p.county = r.county
            AND p.returned_on IS NULL AND NEW.day >= p.received_on)""",
            "a receipt settles receivables of the same creditor, from its day on",
        ),
        (
            "income_entry_release", "income_entry", "INSERT",
            """NEW.kind = 'RELEASE' AND NEW.fen + (SELECT COALESCE(SUM(fen), 0) FROM income_entry
            WHERE receipt_id = NEW.receipt_id AND receivable_id = NEW.receivable_id) < 0""",
            "no more is released than the receipt had settled",
        ),
        (
            "income_refund_of_deposit", "income_refund", "INSERT",
            """NEW.kind = 'DEPOSIT' AND NOT EXISTS (SELECT 1 FROM income_receivable AS r
            WHERE r.id = NEW.deposit_id AND r.kind = 'DEPOSIT' AND NEW.fen
            + (SELECT COALESCE(SUM(fen), 0) FROM income_refund WHERE deposit_id = NEW.deposit_id)
            <= (SELECT COALESCE(SUM(fen), 0) FROM income_entry WHERE receivable_id = NEW.deposit_id
                AND receipt_id IS NOT NULL))""",
            "no more of a deposit goes back than came in",
        ),
        (
            "income_settlement_frozen", "income_settlement", "UPDATE", "OLD.state = 'CLOSED'",
            "a closed settlement never changes",
        ),
        (
            "income_settlement_kept", "income_settlement", "UPDATE",
            f"""NEW.id <> OLD.id OR NEW.county <> OLD.county OR NEW.year <> OLD.year
            OR (OLD.state = 'CONFIRMED' AND NEW.state = 'CLOSED' AND NEW.digest <> OLD.digest)
            OR (NEW.state = 'CLOSED' AND OLD.state <> 'CONFIRMED')
            OR (NEW.state = 'CLOSED' AND NEW.confirmer_id {word} OLD.confirmer_id)""",
            "a settlement is confirmed, then countersigned, under one digest",
        ),
        (
            "income_settlementline_put", "income_settlementline", "INSERT", LINES_MAY.format(row="NEW"),
            "lines go into a settlement while it is prepared",
        ),
        (
            "income_settlementline_kept", "income_settlementline", "UPDATE", LINES_MAY.format(row="OLD"),
            "lines of a confirmed settlement never change",
        ),
        (
            "income_settlementline_stays", "income_settlementline", "DELETE", LINES_MAY.format(row="OLD"),
            "lines of a confirmed settlement never go",
        ),
        (
            "income_statementline_kept", "income_statementline", "UPDATE", "OLD.state <> 'WAITING'",
            "a line of a statement is claimed once",
        ),
    ]  # fmt: skip
    return [Guard(*row) for row in rows]


FOLLOWS = (
    (
        "income_entry_follows", "income_entry",
        "UPDATE income_receivable SET settled_fen = settled_fen + NEW.fen WHERE id = NEW.receivable_id; "
        "UPDATE income_receipt SET used_fen = used_fen + NEW.fen WHERE id = NEW.receipt_id;",
    ),
    (
        "income_refund_follows", "income_refund",
        "UPDATE income_receipt SET used_fen = used_fen + NEW.fen WHERE id = NEW.receipt_id AND NEW.kind <> 'DEPOSIT';",
    ),
)  # fmt: skip
"""What follows in the same statement: sums are kept where the entries are written."""


def follow(_apps: Any, editor: Any) -> None:
    """Keep the sums of the engine."""
    for name, table, statements in FOLLOWS:
        if editor.connection.vendor == "sqlite":
            editor.execute(
                f"CREATE TRIGGER {name} AFTER INSERT ON {table} FOR EACH ROW BEGIN {statements} END", params=None
            )
            continue
        editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN {statements} RETURN NULL; "
            "END $body$",
            params=None,
        )
        editor.execute(
            f"CREATE TRIGGER {name} AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()", params=None
        )


def stop(_apps: Any, editor: Any) -> None:
    """Keep them no more."""
    sqlite = editor.connection.vendor == "sqlite"
    for name, table, _statements in FOLLOWS:
        editor.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"), params=None)
        if not sqlite:
            editor.execute(f"DROP FUNCTION {name}()", params=None)


class Migration(migrations.Migration):
    dependencies = [("income", "0001_initial"), ("evidence", "0002_guards"), ("procedures", "0004_guards_of_reminders")]

    operations = [
        *append_only("income_billing"),
        *append_only("income_receivable", allow_update_of=("settled_fen",), allow_fill_of=("cancelled_on",)),
        *append_only("income_receipt", allow_update_of=("used_fen",), allow_fill_of=("returned_on",)),
        *append_only("income_cancellation"),
        *append_only("income_remission"),
        *append_only("income_entry"),
        *append_only("income_refund"),
        *append_only("income_remittance"),
        *append_only("income_reminder", allow_fill_of=("delivered_on", "delivery", "delivered_to")),
        *append_only("income_reminderline"),
        *append_only(
            "income_statementline", allow_update_of=("state", "receipt_id", "settled_on", "reason")
        ),
        *undeletable("income_settlement"),
        guarded(_rules),
        migrations.RunPython(follow, stop, elidable=False),
    ]
