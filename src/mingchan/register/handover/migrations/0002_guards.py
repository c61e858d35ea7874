"""What the database refuses by itself, on both engines: a list that ends without two signatures under its digest, any
change of a finished or signed list, a check or signature that is changed or written at the wrong time.

Every refusal is an IntegrityError for the caller.
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

FIXED = ("id", "county", "year", "serial", "number", "drafted_on", "drafted_by", "is_sample")
HEAD = (
    "kind", "rights", "from_party_id", "to_party_id", "from_office_id", "to_office_id", "from_division", "to_division",
    "division_code", "witness_id", "keeper_id", "organisation_id", "due_on", "site_id", "place", "moves_to", "reason",
    "basis", "checking_on",
)  # fmt: skip
LINE = (
    "id", "handover_id", "line_no", "asset_id", "asset_version", "code", "name", "model", "unit", "quantity_milli",
    "cost_fen", "six_class", "division_code", "place", "condition", "resolution", "resolution_note", "resolved_on",
    "resolved_by",
)  # fmt: skip
FINISHED = "('EXECUTED', 'CANCELLED')"
SIGNED = """(SELECT COUNT(*) FROM handover_signature AS s WHERE s.handover_id = NEW.id AND s.voided_on IS NULL
    AND s.digest = NEW.digest)"""


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def _rules(word: str) -> list[Guard]:
    """Name, table, verb, condition under which it's refused, and why. `word` compares with nulls."""
    state = "(SELECT state FROM handover_handover WHERE id = {row}.handover_id)"
    rows = [
        ("handover_kept", "handover_handover", "UPDATE", f"OLD.state IN {FINISHED}", "a finished list never changes"),
        (
            "handover_fixed", "handover_handover", "UPDATE", _changed(FIXED, word),
            "a list keeps its number and who drafted it",
        ),
        (
            "handover_signed", "handover_handover", "UPDATE",
            f"OLD.state = 'SIGNING' AND {_changed(HEAD, word)}",
            "a signed list doesn't change: its signature is made void first",
        ),
        (
            "handover_two_signatures", "handover_handover", "UPDATE",
            f"NEW.state = 'EXECUTED' AND (OLD.state <> 'SIGNING' OR {SIGNED} <> 2)",
            "a list is carried out under two signatures of its content",
        ),
        ("handover_begins", "handover_handover", "INSERT", "NEW.state <> 'DRAFT'", "a list begins as a draft"),
        ("handover_stays", "handover_handover", "DELETE", "", "a list never goes"),
        (
            "handover_line_listed", "handover_line", "INSERT",
            f"{state.format(row='NEW')} NOT IN ('DRAFT', 'CHECKING')",
            "items are put on a list before it is signed",
        ),
        (
            "handover_line_kept", "handover_line", "UPDATE",
            f"{_changed(LINE, word)} AND {state.format(row='OLD')} NOT IN ('DRAFT', 'CHECKING')",
            "items of a signed or finished list never change",
        ),
        (
            "handover_line_closed", "handover_line", "UPDATE",
            f"NEW.is_open <> OLD.is_open AND {state.format(row='OLD')} IN {FINISHED}",
            "items of a finished list never open again",
        ),
        (
            "handover_line_stays", "handover_line", "DELETE", f"{state.format(row='OLD')} <> 'DRAFT'",
            "items go from drafts only",
        ),
        (
            "handover_tick_written", "handover_tick", "INSERT", f"{state.format(row='NEW')} <> 'CHECKING'",
            "items are ticked while the list is checked",
        ),
        (
            "handover_tick_of_list", "handover_tick", "INSERT",
            "NEW.handover_id <> (SELECT handover_id FROM handover_line WHERE id = NEW.line_id)",
            "a tick is of an item of its list",
        ),
        (
            "handover_tick_replaced", "handover_tick", "UPDATE", f"{state.format(row='OLD')} NOT IN ('DRAFT', 'CHECKING')",
            "ticks of a signed or finished list stand",
        ),
        (
            "handover_signature_written", "handover_signature", "INSERT",
            f"{state.format(row='NEW')} NOT IN ('CHECKING', 'SIGNING')",
            "a list is signed when it was checked",
        ),
        (
            "handover_signature_void", "handover_signature", "UPDATE", f"{state.format(row='OLD')} IN {FINISHED}",
            "signatures of a finished list stand",
        ),
    ]  # fmt: skip
    return [Guard(*row) for row in rows]


class Migration(migrations.Migration):
    dependencies = [("handover", "0001_initial"), ("evidence", "0002_guards")]

    operations = [
        *append_only("handover_tick", allow_fill_of=("replaced_on",)),
        *append_only("handover_signature", allow_fill_of=("voided_on", "void_reason")),
        guarded(_rules, emptied=("handover_handover", "handover_line")),
    ]
