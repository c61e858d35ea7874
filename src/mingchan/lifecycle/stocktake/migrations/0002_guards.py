"""What the database refuses by itself, on both engines: an event that changes or goes, a count by somebody who wasn't
sent to count, a checker who counted, an expected asset that changes, a stocktake closed with an open difference or
without its case, anything after it is closed (3.4.1, 3.4.3b).
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

KEPT = ("id", "county", "year", "serial", "number", "drafted_on", "drafter_id", "drafted_by", "is_sample")
APPROVED = (
    "division_code", "title", "kind", "scope", "basis", "base_on", "starts_on", "due_on", "is_blind", "photo_for",
    "needs_signature", "needs_position", "asks_case", "precision_bp", "confidence_percent", "seed", "interval",
    "whole_count", "whole_fen", "line_count", "line_fen", "lines_digest", "approved_on", "approved_by",
)  # fmt: skip
EXPECTED = (
    "id", "plan_id", "asset_id", "code", "name", "model", "unit", "quantity_milli", "cost_fen", "division_code",
    "site_id", "place", "condition", "serial_no", "owner_id", "keeper_id",
)  # fmt: skip
SEEN = ("id", "plan_id", "key", "kind", "code", "name", "booked_milli", "cost_fen")
STATE = "(SELECT p.state FROM stocktake_plan AS p WHERE p.id = {row}.plan_id)"
OPEN = """EXISTS (SELECT 1 FROM stocktake_difference AS d WHERE d.plan_id = NEW.id
    AND d.state IN ('OPEN', 'DECIDED'))"""
AGREED = """EXISTS (SELECT 1 FROM procedures_case AS c WHERE c.id = NEW.case_id AND c.code = 'stocktake'
    AND c.status = 'APPROVED')"""
COUNTS = """EXISTS (SELECT 1 FROM stocktake_assignment AS a JOIN stocktake_member AS m ON m.id = a.member_id
    WHERE a.task_id = NEW.task_id AND m.account_id = NEW.account_id AND m.role = 'COUNTER')"""
CHECKS = """EXISTS (SELECT 1 FROM stocktake_member AS m WHERE m.plan_id = NEW.plan_id
    AND m.account_id = NEW.account_id AND m.role = 'CHECKER')"""


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def _rules(word: str) -> list[Guard]:
    """Name, table, verb, condition under which it's refused, why, and a part that asks no other table."""
    old, new = STATE.format(row="OLD"), STATE.format(row="NEW")
    plan, line, event, member, difference = (
        "stocktake_plan", "stocktake_line", "stocktake_event", "stocktake_member", "stocktake_difference",
    )  # fmt: skip
    rows = [
        ("plan_begins", plan, "INSERT", "", "a stocktake begins as a draft", "NEW.state <> 'DRAFT'"),
        ("plan_kept", plan, "UPDATE", "", "a stocktake keeps its number and its drafter", _changed(KEPT, word)),
        (
            "plan_approved", plan, "UPDATE", "", "an approved stocktake keeps its scope and what should be there",
            "OLD.state <> 'DRAFT' AND " + _changed(APPROVED, word),
        ),
        (
            "plan_over", plan, "UPDATE", "", "a stocktake that is over never changes",
            "OLD.state IN ('CLOSED', 'CANCELLED')",
        ),
        (
            "plan_closed", plan, "UPDATE", f"{OPEN} OR (NEW.asks_case AND NOT {AGREED})",
            "a stocktake is closed when every difference is settled and its case is approved", "NEW.state = 'CLOSED'",
        ),
        (
            "plan_steps", plan, "UPDATE", "", "a stocktake is closed from its settling or its case only",
            "NEW.state = 'CLOSED' AND OLD.state NOT IN ('SETTLING', 'PROCEDURE')",
        ),
        ("plan_stays", plan, "DELETE", "", "a stocktake never goes", ""),
        ("line_kept", line, "UPDATE", "", "what should be there never changes", _changed(EXPECTED, word)),
        ("line_added", line, "INSERT", f"{new} <> 'DRAFT'", "what should be there is fixed by the approval", ""),
        (
            "line_over", line, "UPDATE", f"{old} NOT IN ('DRAFT', 'COUNTING', 'CHECKING')",
            "what became of an asset is fixed by the checker", "",
        ),
        ("line_stays", line, "DELETE", "", "what should be there never goes", ""),
        (
            "event_by_counter", event, "INSERT", f"NOT {COUNTS}", "who wasn't sent to count records nothing",
            "NEW.kind NOT IN ('decide', 'recount')",
        ),
        (
            "event_by_checker", event, "INSERT", f"NOT {CHECKS}", "a checker's word comes from a checker",
            "NEW.kind IN ('decide', 'recount')",
        ),
        (
            "event_in_time", event, "INSERT", f"{new} NOT IN ('COUNTING', 'CHECKING')",
            "events are taken in while things are counted and checked", "",
        ),
        (
            "member_kept", member, "UPDATE", "", "a part in a stocktake never becomes another",
            _changed(("id", "plan_id", "role", "account_id"), word),
        ),
        ("member_stays", member, "DELETE", "", "a part in a stocktake never goes", ""),
        ("difference_kept", difference, "UPDATE", "", "a difference keeps what it is about", _changed(SEEN, word)),
        (
            "difference_over", difference, "UPDATE", "", "a settled difference never changes", "OLD.state = 'SETTLED'",
        ),
        ("difference_stays", difference, "DELETE", "", "a difference never goes", ""),
    ]  # fmt: skip
    return [Guard(f"stocktake_{name}", table, verb, condition, why, first) for name, table, verb, condition, why, first in rows]


class Migration(migrations.Migration):
    dependencies = [("stocktake", "0001_initial"), ("evidence", "0002_guards"), ("procedures", "0002_guards")]

    operations = [
        *append_only("stocktake_event"),
        guarded(_rules, emptied=("stocktake_plan", "stocktake_line", "stocktake_difference")),
    ]
