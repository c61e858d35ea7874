"""What the database refuses of labels, for whoever writes: two on one asset, one on two, a past rewritten (2.6.1b).

A link begins open, and not while another of its asset or its label is open or ends later: the row of an open link is
seen even while another transaction is ending it, so two writers at once can't both get past.
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded, undeletable

ENDS = ("valid_to", "cause", "reason", "ended_by")
FIXED = ("id", "county", "label_id", "asset_id", "valid_from", "linked_by")


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def _rules(other: str) -> list[Guard]:
    rows = [
        ("link_begins", "labels_link", "INSERT", "NEW.valid_to IS NOT NULL", "a link begins open"),
        (
            "link_asset_once", "labels_link", "INSERT",
            """EXISTS (SELECT 1 FROM labels_link k WHERE k.asset_id = NEW.asset_id
            AND (k.valid_to IS NULL OR k.valid_to > NEW.valid_from))""",
            "an asset is under one label on any day",
        ),
        (
            "link_label_once", "labels_link", "INSERT",
            """EXISTS (SELECT 1 FROM labels_link k WHERE k.label_id = NEW.label_id
            AND (k.valid_to IS NULL OR k.valid_to > NEW.valid_from))""",
            "a label is on one asset on any day",
        ),
        (
            "link_of_county", "labels_link", "INSERT",
            """NOT EXISTS (SELECT 1 FROM labels_label l WHERE l.id = NEW.label_id AND l.county = NEW.county
            AND l.voided_on IS NULL) OR NOT EXISTS (
            SELECT 1 FROM assets_asset a WHERE a.id = NEW.asset_id AND a.county = NEW.county)""",
            "a void label goes nowhere, and none into another county",
        ),
        (
            "link_kept", "labels_link", "UPDATE",
            f"OLD.valid_to IS NOT NULL OR {_changed(FIXED, other)} OR (NEW.valid_to IS NULL AND {_changed(ENDS, other)})",
            "a link ends once and never changes otherwise",
        ),
        (
            "label_kept", "labels_label", "UPDATE",
            f"OLD.voided_on IS NOT NULL OR {_changed(('id', 'county', 'code', 'batch_id'), other)}",
            "a label becomes void once and never changes otherwise",
        ),
        (
            "label_void_is_off", "labels_label", "UPDATE",
            """NEW.voided_on IS NOT NULL AND EXISTS (
            SELECT 1 FROM labels_link k WHERE k.label_id = NEW.id AND k.valid_to IS NULL)""",
            "a label on an asset isn't void",
        ),
    ]  # fmt: skip
    return [Guard(f"labels_{name}", table, verb, condition, why) for name, table, verb, condition, why in rows]


class Migration(migrations.Migration):
    dependencies = [("labels", "0001_initial"), ("assets", "0011_permits"), ("evidence", "0001_initial")]
    operations = [
        *undeletable("labels_label"),
        *undeletable("labels_link"),
        *append_only("labels_batch"),
        *append_only("labels_scan"),
        guarded(_rules),
    ]
