"""What must never be false of contracts, kept by both engines for whoever writes (2.4.2a, 2.4.2b, 2.4.2c).

A contract takes effect with terms that a finished case agreed to; no asset is let twice on one day; what was agreed,
owed, reported and insured stays as it was; a mode, and a permit for another operator, come from a case about that very
asset. On PostgreSQL the overlap is looked for under a lock on the asset, so that two writers at once see each other.
"""

from typing import Any

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded, undeletable

NUMBERED = ("id", "county", "year", "serial", "number", "drafted_on", "drafted_by", "is_sample")
SIDES = ("operator_id", "lessor_id", "starts_on", "renews_id", "signed_on")
TERMS = (
    "contract_id", "number", "reason", "mode", "starts_on", "last_day", "yearly_fen", "every", "due_at", "due_days",
    "free_months", "steps", "share_of", "share_bp", "share_every", "deposit_fen", "income_note", "measures",
    "emergency_plan", "operator_duties", "lessor_duties", "case_id", "signed_on", "signed_paper", "paper_digest",
    "effective_on", "status",
)  # fmt: skip
BINDING = "('SIGNED', 'RUNNING', 'EXPIRED', 'ENDED')"
STEPS = (
    ("DRAFT", "PROCEDURE"), ("DRAFT", "DROPPED"), ("PROCEDURE", "DRAFT"), ("PROCEDURE", "SIGNED"),
    ("SIGNED", "RUNNING"), ("SIGNED", "ENDED"), ("RUNNING", "EXPIRED"), ("RUNNING", "ENDED"),
)  # fmt: skip
APPROVED = "(SELECT status FROM procedures_case WHERE id = NEW.case_id)"
OVERLAP = "operation_covered asset is let twice"


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def _rules(other: str) -> list[Guard]:
    """What is refused, and why. `same` and `other` compare with nulls."""
    same = "IS" if other == "IS NOT" else "IS NOT DISTINCT FROM"
    allowed = " OR ".join(f"OLD.status = '{a}' AND NEW.status = '{b}'" for a, b in STEPS)
    rows = [
        ("contract_begins", "operation_contract", "INSERT", "NEW.status <> 'DRAFT'", "a contract begins as a draft"),
        (
            "contract_numbered", "operation_contract", "UPDATE", _changed(NUMBERED, other),
            "a contract keeps its number and who drafted it",
        ),
        (
            "contract_goes_on", "operation_contract", "UPDATE", f"NEW.status <> OLD.status AND NOT ({allowed})",
            "a contract goes from draft through its procedure to its end",
        ),
        (
            "contract_sides", "operation_contract", "UPDATE", f"OLD.status IN {BINDING} AND {_changed(SIDES, other)}",
            "a signed contract keeps its sides and its first day",
        ),
        (
            "contract_agreed", "operation_contract", "UPDATE",
            f"""NEW.status IN {BINDING} AND (OLD.status NOT IN {BINDING} OR {_changed(("mode", "last_day", "edition"), other)})
            AND NOT EXISTS (SELECT 1 FROM operation_edition e WHERE e.contract_id = NEW.id AND e.number = NEW.edition
                AND e.status = 'AGREED' AND e.mode = NEW.mode AND e.starts_on = NEW.starts_on
                AND e.last_day = NEW.last_day)""",
            "a contract binds by terms that were agreed to",
        ),
        ("edition_begins", "operation_edition", "INSERT", "NEW.status <> 'DRAFT'", "terms begin as a draft"),
        (
            "edition_kept", "operation_edition", "UPDATE",
            f"OLD.status IN ('AGREED', 'DROPPED') AND {_changed(TERMS, other)}", "agreed terms never change",
        ),
        (
            "edition_by_case", "operation_edition", "UPDATE",
            f"NEW.status = 'AGREED' AND OLD.status <> 'AGREED' AND COALESCE({APPROVED}, '') <> 'APPROVED'",
            "terms are agreed to by a finished case",
        ),
        (
            "covered_chosen", "operation_covered", "DELETE", "OLD.is_let OR OLD.returned_on IS NOT NULL",
            "assets that were let stay with their contract",
        ),
        (
            "covered_kept", "operation_covered", "UPDATE",
            f"""{_changed(("id", "contract_id", "asset_id"), other)}
            OR (OLD.returned_on IS NOT NULL AND {_changed(("returned_on", "condition", "note"), other)})""",
            "assets that were given back stay so",
        ),
        (
            "covered_by_contract", "operation_covered", "UPDATE",
            f"NEW.is_let AND NOT OLD.is_let AND (SELECT status FROM operation_contract WHERE id = NEW.contract_id) NOT IN {BINDING}",
            "assets are let by a contract that binds",
        ),
        (
            "covered_let", "operation_covered", "INSERT",
            f"NEW.is_let AND (SELECT status FROM operation_contract WHERE id = NEW.contract_id) NOT IN {BINDING}",
            "assets are let by a contract that binds",
        ),
        (
            "charge_made", "operation_charge", "INSERT",
            f"(SELECT status FROM operation_contract WHERE id = NEW.contract_id) NOT IN {BINDING}",
            "only a contract that binds makes something due",
        ),
        (
            "report_kept", "operation_report", "UPDATE",
            f"OLD.status <> 'SENT' OR {_changed(('id', 'contract_id', 'starts_on', 'last_day', 'turnover_fen', 'profit_fen', 'note', 'paper', 'reported_on', 'reported_by'), other)}",
            "a report is answered once and never changed",
        ),
        (
            "claim_kept", "operation_claim", "UPDATE",
            f"OLD.status <> 'OPEN' OR {_changed(('id', 'insurance_id', 'happened_on', 'event', 'claimed_fen', 'noted_on', 'noted_by'), other)}",
            "a claim is closed once and never changed",
        ),
        (
            "change_kept", "operation_change", "UPDATE",
            f"OLD.status IN ('DONE', 'REJECTED') OR {_changed(('id', 'county', 'kind', 'operator_id', 'mode', 'proposed_on', 'proposed_by', 'is_sample'), other)}",
            "a change that was decided stays",
        ),
        (
            "change_by_case", "operation_change", "UPDATE",
            f"NEW.status IN ('APPROVED', 'DONE') AND COALESCE({APPROVED}, '') <> 'APPROVED'",
            "a change is carried out by a finished case",
        ),
        (
            "mode_by_case", "operation_modeperiod", "INSERT",
            f"""COALESCE({APPROVED}, '') <> 'APPROVED'
            OR NOT EXISTS (SELECT 1 FROM operation_edition e JOIN operation_covered c ON c.contract_id = e.contract_id
                           WHERE e.case_id = NEW.case_id AND e.mode = NEW.mode AND c.asset_id = NEW.asset_id)
           AND NOT EXISTS (SELECT 1 FROM operation_change g JOIN operation_changed d ON d.change_id = g.id
                           WHERE g.case_id = NEW.case_id AND g.mode = NEW.mode AND d.asset_id = NEW.asset_id)
           AND NOT EXISTS (SELECT 1 FROM assets_asset p JOIN operation_modeperiod m ON m.asset_id = p.parent_id
                           WHERE p.id = NEW.asset_id AND m.mode = NEW.mode AND m.case_id = NEW.case_id)""",
            "operation_modeperiod: the mode changes by a finished case only",
        ),
        (
            "permit_of_a_contract", "assets_permit", "INSERT",
            f"""NOT EXISTS (SELECT 1 FROM operation_edition e JOIN operation_covered c ON c.contract_id = e.contract_id
                            JOIN operation_contract k ON k.id = e.contract_id
                            WHERE e.case_id = NEW.case_id AND c.asset_id = NEW.asset_id
                            AND (NEW.party_id IS NULL OR NEW.party_id = k.operator_id))
            AND NOT EXISTS (SELECT 1 FROM operation_change g JOIN operation_changed d ON d.change_id = g.id
                            WHERE g.case_id = NEW.case_id AND d.asset_id = NEW.asset_id
                            AND g.operator_id {same} NEW.party_id)""",
            "assets_permit: the case is about another asset or operator",
        ),
    ]  # fmt: skip
    return [Guard(f"operation_{row[0]}", *row[1:]) for row in rows]


CLASH = """SELECT 1 FROM operation_covered o WHERE o.asset_id = NEW.asset_id AND o.id <> NEW.id AND o.is_let
  AND o.starts_on <= NEW.last_day AND o.last_day >= NEW.starts_on"""


def put_overlap(_apps: Any, editor: Any) -> None:
    """Let no asset be let twice on one day."""
    if editor.connection.vendor == "sqlite":
        for verb in ("INSERT", "UPDATE"):
            editor.execute(
                f"CREATE TRIGGER operation_covered_once_{verb.lower()} AFTER {verb} ON operation_covered FOR EACH ROW "
                f"WHEN NEW.is_let AND EXISTS ({CLASH}) BEGIN SELECT RAISE(ABORT, '{OVERLAP}'); END",
                params=None,
            )
        return
    editor.execute(
        "CREATE FUNCTION operation_covered_once() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
        "PERFORM 1 FROM assets_asset WHERE id = NEW.asset_id FOR NO KEY UPDATE; "
        f"IF EXISTS ({CLASH}) THEN RAISE EXCEPTION '{OVERLAP}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NULL; END $body$",
        params=None,
    )
    editor.execute(
        "CREATE TRIGGER operation_covered_once AFTER INSERT OR UPDATE ON operation_covered FOR EACH ROW "
        "WHEN (NEW.is_let) EXECUTE FUNCTION operation_covered_once()",
        params=None,
    )


def drop_overlap(_apps: Any, editor: Any) -> None:
    """Drop the triggers of the overlap."""
    if editor.connection.vendor == "sqlite":
        for verb in ("insert", "update"):
            editor.execute(f"DROP TRIGGER operation_covered_once_{verb}", params=None)
    else:
        editor.execute("DROP TRIGGER operation_covered_once ON operation_covered", params=None)
        editor.execute("DROP FUNCTION operation_covered_once()", params=None)


class Migration(migrations.Migration):
    dependencies = [("operation", "0001_initial"), ("assets", "0011_permits"), ("procedures", "0004_guards_of_reminders")]

    operations = [
        *append_only("operation_charge", allow_fill_of=("dropped_on",)),
        *append_only("operation_settlement"),
        *append_only("operation_insurance", allow_fill_of=("ended_on",)),
        *append_only("operation_insured"),
        *append_only("operation_changed"),
        *append_only("operation_modeperiod", allow_fill_of=("valid_to",)),
        *undeletable("operation_contract"),
        *undeletable("operation_edition"),
        *undeletable("operation_report"),
        *undeletable("operation_claim"),
        *undeletable("operation_change"),
        guarded(_rules),
        migrations.RunPython(put_overlap, drop_overlap, elidable=False),
    ]
