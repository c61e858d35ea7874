"""The gates of the plan in the database, on both engines: nothing leaves before its procedure has ended (3.4.3a, 2.6.3).

A card becomes DISPOSED only while the case of its disposal waits to be carried out: approved by the county, its notice
ended. A disposal comes to the states behind the gate only by that case. Lists that went out, papers, appraisals,
results and money stay as they are. Every refusal is an IntegrityError for the caller.
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

OPEN = """EXISTS (SELECT 1 FROM procedures_case c
    JOIN procedures_task e ON e.case_id = c.id AND e.waits = 'execution' AND e.status = 'WAITING'
    JOIN procedures_task n ON n.case_id = c.id AND n.waits = 'notice' AND n.status = 'DONE' AND n.round = c.round
    JOIN procedures_opinion o ON o.case_id = c.id AND o.answer = 'AGREE' AND o.round = c.round
    JOIN procedures_task a ON a.id = o.task_id AND a.kind = 'approval'
    WHERE c.id = {disposal}.case_id AND c.status = 'RUNNING' AND c.code = 'disposal'
    AND c.subject = 'disposal:' || {disposal}.id)"""
"""The case waits for its execution: agreed by the approver and published without open objection in this round."""

STANDS = """EXISTS (SELECT 1 FROM disposal_item i JOIN disposal_disposal d ON d.id = i.disposal_id
    WHERE i.asset_id = {asset}.id AND {more})"""
STATE = "(SELECT state FROM disposal_disposal WHERE id = {row}.disposal_id)"
LISTED = (
    "id", "disposal_id", "line_no", "asset_id", "code", "name", "class_code", "model", "unit", "quantity_milli",
    "acquired_on", "cost_fen", "net_fen", "division_code", "place", "condition",
)  # fmt: skip
FIXED = ("id", "county", "year", "serial", "number", "office_id", "drafted_on", "drafted_by", "is_sample")
HEAD = (
    "kind", "owner_id", "reason", "proceeds_use", "exception", "recipient_id", "recipient_name", "finding_by",
    "finding_on", "finding", "loss", "amount_fen", "debtor", "count", "cost_fen", "net_fen", "sum_fen", "performs_well",
    "performance", "split_suspected", "digest", "submitted_on", "case_id",
)  # fmt: skip


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def rules(word: str) -> list[Guard]:
    """Name, table, verb, what is looked at first, condition under which it's refused, and why."""
    gate = OPEN.format(disposal="d")
    leaves = STANDS.format(asset="NEW", more=f"i.is_open AND d.state IN ('MAY_PROCEED', 'EXECUTED') AND {gate}")
    held = STANDS.format(
        asset="OLD", more="i.is_open AND d.state IN ('REVIEW', 'NOTICE', 'MAY_PROCEED')"
    )
    own = OPEN.format(disposal="NEW")
    rows = [
        (
            "disposal_gate_update", "assets_asset", "UPDATE", "NEW.status = 'DISPOSED' AND OLD.status <> 'DISPOSED'",
            f"NOT {leaves}", "no asset leaves the register before its disposal procedure has ended",
        ),
        (
            "disposal_gate_insert", "assets_asset", "INSERT", "NEW.status = 'DISPOSED'", "1 = 1",
            "no asset enters the register as disposed",
        ),
        (
            "disposal_gate_thaw", "assets_asset", "UPDATE",
            "OLD.frozen_by IS NOT NULL AND NEW.frozen_by IS NULL AND NEW.status <> 'DISPOSED'", held,
            "the assets of a running disposal stay frozen",
        ),
        ("disposal_begins", "disposal_disposal", "INSERT", "NEW.state <> 'DRAFT'", "1 = 1", "a disposal begins as a draft"),
        (
            "disposal_may_proceed", "disposal_disposal", "UPDATE", "NEW.state = 'MAY_PROCEED' AND OLD.state <> NEW.state",
            f"NOT {own}", "a disposal may proceed when it is approved and its notice has ended",
        ),
        (
            "disposal_executed", "disposal_disposal", "UPDATE", "NEW.state = 'EXECUTED' AND OLD.state <> NEW.state",
            f"OLD.state <> 'MAY_PROCEED' OR NOT {own}", "a disposal is carried out when it may proceed",
        ),
        (
            "disposal_filed", "disposal_disposal", "UPDATE", "NEW.state = 'FILED' AND OLD.state <> NEW.state",
            "OLD.state <> 'EXECUTED' OR NOT EXISTS (SELECT 1 FROM procedures_case c WHERE c.id = NEW.case_id "
            "AND c.status = 'APPROVED')",
            "a disposal ends with its case",
        ),
        (
            "disposal_over", "disposal_disposal", "UPDATE",
            "NEW.state <> OLD.state AND (OLD.state IN ('FILED', 'REJECTED', 'WITHDRAWN') OR OLD.state = 'EXECUTED' "
            "AND NEW.state <> 'FILED')",
            "1 = 1", "what was carried out or ended stays so",
        ),
        (
            "disposal_fixed", "disposal_disposal", "UPDATE", _changed(FIXED, word), "1 = 1",
            "a disposal keeps its number and who drafted it",
        ),
        (
            "disposal_head", "disposal_disposal", "UPDATE",
            f"OLD.state NOT IN ('DRAFT', 'REVIEW') AND {_changed(HEAD, word)}", "1 = 1",
            "what was approved doesn't change: it goes back to review first",
        ),
        ("disposal_stays", "disposal_disposal", "DELETE", "", "1 = 1", "a disposal never goes"),
        (
            "disposal_item_listed", "disposal_item", "INSERT", "", f"{STATE.format(row='NEW')} NOT IN ('DRAFT', 'REVIEW')",
            "assets are listed before the procedure has come further",
        ),
        (
            "disposal_item_kept", "disposal_item", "UPDATE", _changed(LISTED, word),
            f"{STATE.format(row='OLD')} NOT IN ('DRAFT', 'REVIEW') OR OLD.disposal_id <> NEW.disposal_id "
            "OR OLD.asset_id <> NEW.asset_id", "the list of a disposal stands",
        ),
        (
            "disposal_item_stays", "disposal_item", "DELETE", "", f"{STATE.format(row='OLD')} NOT IN ('DRAFT', 'REVIEW')",
            "the list of a disposal stands",
        ),
    ]  # fmt: skip
    return [
        Guard(name, table, verb, condition, why, first) for name, table, verb, first, condition, why in rows
    ]


EMPTIED = ("disposal_disposal", "disposal_item")


class Migration(migrations.Migration):
    dependencies = [
        ("disposal", "0001_initial"),
        ("assets", "0011_permits"),
        ("procedures", "0004_guards_of_reminders"),
        ("evidence", "0002_guards"),
    ]

    operations = [
        *append_only("disposal_paper"),
        *append_only("disposal_appraisal", allow_fill_of=("replaced_on",)),
        *append_only("disposal_priceask", allow_fill_of=("approved_on",)),
        *append_only("disposal_result"),
        *append_only("disposal_moneyentry"),
        guarded(rules, emptied=EMPTIED),
    ]
