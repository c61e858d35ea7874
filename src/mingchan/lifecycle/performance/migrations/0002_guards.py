"""What the database refuses by itself, on both engines: a score after it was handed in, a grade without its finished
case, a rectification closed without a review, a visit, an appeal or a step that changes or goes (2.4.2d).
"""

from typing import Any

from django.db import migrations

from mingchan.foundation.evidence.guards import append_only

KEPT = (
    "id", "county", "division_code", "contract_id", "year", "evaluator_id", "document_no", "commissioned_on",
    "commissioned_by", "indicators", "set_digest", "is_sample",
)  # fmt: skip
RAISED = ("id", "evaluation_id", "text", "raised_on", "raised_by", "paper")
ORDERED = ("id", "county", "division_code", "evaluation_id", "demand", "ordered_on", "is_sample")
STATE = "(SELECT e.state FROM performance_evaluation AS e WHERE e.id = {row}.evaluation_id)"
AGREED = """EXISTS (SELECT 1 FROM procedures_case AS c WHERE c.id = NEW.case_id AND c.code = 'evaluation'
    AND c.status = 'APPROVED')"""
REVIEWED = """EXISTS (SELECT 1 FROM performance_fixstep AS s WHERE s.rectification_id = NEW.id
    AND s.kind = 'CLOSED')"""


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def _rules(sqlite: bool) -> list[tuple[str, str, str, str, str]]:
    """Name, table, verb, condition under which it's refused, and why."""
    word = "IS NOT" if sqlite else "IS DISTINCT FROM"
    old, new = STATE.format(row="OLD"), STATE.format(row="NEW")
    evaluation, score, appeal, fix = (
        "performance_evaluation", "performance_score", "performance_appeal", "performance_rectification",
    )  # fmt: skip
    return [
        ("evaluation_begins", evaluation, "INSERT", "NEW.state <> 'ASSIGNED'", "an evaluation begins as a commission"),
        ("evaluation_kept", evaluation, "UPDATE", _changed(KEPT, word), "an evaluation keeps what it was commissioned as"),
        (
            "evaluation_over", evaluation, "UPDATE", "OLD.state IN ('CONFIRMED', 'CANCELLED')",
            "an evaluation that is over never changes",
        ),
        (
            "evaluation_confirmed", evaluation, "UPDATE", f"NEW.state = 'CONFIRMED' AND NOT {AGREED}",
            "a grade counts when its case is approved",
        ),
        ("evaluation_stays", evaluation, "DELETE", "", "an evaluation never goes"),
        ("score_given", score, "INSERT", f"{new} <> 'ASSIGNED'", "scores are given before they are handed in"),
        ("score_changed", score, "UPDATE", f"{old} <> 'ASSIGNED'", "scores handed in never change"),
        ("score_stays", score, "DELETE", "", "a score never goes"),
        ("appeal_kept", appeal, "UPDATE", _changed(RAISED, word), "an appeal stays as it was raised"),
        ("appeal_over", appeal, "UPDATE", "OLD.state <> 'OPEN'", "an answered appeal never changes"),
        ("appeal_stays", appeal, "DELETE", "", "an appeal never goes"),
        ("fix_kept", fix, "UPDATE", _changed(ORDERED, word), "a rectification keeps what was ordered"),
        ("fix_over", fix, "UPDATE", "OLD.state = 'CLOSED'", "a closed rectification never changes"),
        (
            "fix_closed", fix, "UPDATE", f"NEW.state = 'CLOSED' AND NOT {REVIEWED}",
            "a rectification is closed by a review",
        ),
        ("fix_stays", fix, "DELETE", "", "a rectification never goes"),
        ("goal_stays", "performance_goal", "DELETE", "", "a goal never goes"),
    ]  # fmt: skip


def put(_apps: Any, editor: Any) -> None:
    """Create the triggers of the engine."""
    sqlite = editor.connection.vendor == "sqlite"
    for name, table, verb, condition, why in _rules(sqlite):
        if sqlite:
            when = f"WHEN {condition}" if condition else ""
            editor.execute(
                f"CREATE TRIGGER performance_{name} BEFORE {verb} ON {table} FOR EACH ROW {when} "
                f"BEGIN SELECT RAISE(ABORT, '{why}'); END",
                params=None,
            )
            continue
        answer = "OLD" if verb == "DELETE" else "NEW"
        editor.execute(
            f"CREATE FUNCTION performance_{name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
            f"IF {condition or 'TRUE'} THEN RAISE EXCEPTION '{why}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {answer}; END $body$",
            params=None,
        )
        editor.execute(
            f"CREATE TRIGGER performance_{name} BEFORE {verb} ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION performance_{name}()",
            params=None,
        )


def take_away(_apps: Any, editor: Any) -> None:
    """Drop the triggers of the engine."""
    sqlite = editor.connection.vendor == "sqlite"
    for name, table, _verb, _condition, _why in _rules(sqlite):
        editor.execute(f"DROP TRIGGER performance_{name}" + ("" if sqlite else f" ON {table}"), params=None)
        if not sqlite:
            editor.execute(f"DROP FUNCTION performance_{name}()", params=None)


class Migration(migrations.Migration):
    dependencies = [("performance", "0001_initial"), ("evidence", "0002_guards"), ("procedures", "0002_guards")]

    operations = [
        *append_only("performance_visit"),
        *append_only("performance_fixstep"),
        migrations.RunPython(put, take_away, elidable=False),
    ]
