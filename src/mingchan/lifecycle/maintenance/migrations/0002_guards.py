"""What the database refuses of inspections and repairs, for whoever writes: a past that is rewritten (2.6.1b)."""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded, undeletable

REPORTED = ("id", "county", "number", "asset_id", "what", "severity", "origin", "reported_on", "reported_by", "is_sample")
AFTER = ("paid_on", "claim_id", "version")
"""What may still be noted of a repair that is over: that it was paid, and the claim it belongs to."""
ENDED = (
    "division_code", "state", "down_since", "supplier", "worker", "estimate_fen", "by_warranty", "due_on", "repaired_on",
    "work", "cost_fen", "invoice", "nature", "treatment", "payment", "voucher", "closed_on", "closed_by", "result",
)  # fmt: skip
PLANNED = ("id", "county", "rhythm_id", "site_id", "number", "due_on", "planned_on", "is_sample")
RHYTHM = ("id", "county", "site_id", "every_days", "starts_on", "made_by", "is_sample")
WARRANTY = ("id", "county", "asset_id", "order_id", "provider", "scope", "starts_on", "last_day", "noted_on", "noted_by")


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def _rules(other: str) -> list[Guard]:
    rows = [
        (
            "round_kept", "maintenance_round", "UPDATE",
            f"OLD.state <> 'OPEN' OR {_changed(PLANNED, other)}", "a round ends once and keeps its day",
        ),
        (
            "rhythm_kept", "maintenance_rhythm", "UPDATE",
            f"OLD.ended_on IS NOT NULL OR {_changed(RHYTHM, other)}", "a rhythm ends once and never changes otherwise",
        ),
        (
            "event_of_open_round", "maintenance_fieldevent", "INSERT",
            "(SELECT state FROM maintenance_round WHERE id = NEW.round_id) <> 'OPEN'",
            "nothing is added to a round that is over",
        ),
        ("order_begins", "maintenance_order", "INSERT", "NEW.state <> 'REPORTED'", "a repair begins as a report"),
        (
            "order_kept", "maintenance_order", "UPDATE",
            f"{_changed(REPORTED, other)} OR (OLD.state IN ('ACCEPTED', 'DECLINED') AND {_changed(ENDED, other)})",
            "what was reported stays, and a repair that is over never changes",
        ),
        (
            "order_paid_once", "maintenance_order", "UPDATE",
            f"OLD.paid_on IS NOT NULL AND {_changed(('paid_on',), other)}", "a repair is paid once",
        ),
        (
            "warranty_kept", "maintenance_warranty", "UPDATE",
            f"OLD.ended_on IS NOT NULL OR {_changed(WARRANTY, other)}", "a warranty ends once and never changes otherwise",
        ),
    ]  # fmt: skip
    return [Guard(f"maintenance_{name}", table, verb, condition, why) for name, table, verb, condition, why in rows]


class Migration(migrations.Migration):
    dependencies = [("maintenance", "0001_initial"), ("evidence", "0001_initial")]
    operations = [
        *append_only("maintenance_fieldevent"),
        *append_only("maintenance_line"),
        *append_only("maintenance_step"),
        *undeletable("maintenance_round"),
        *undeletable("maintenance_rhythm"),
        *undeletable("maintenance_order"),
        *undeletable("maintenance_warranty"),
        guarded(_rules),
    ]
