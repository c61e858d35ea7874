"""What the database refuses by itself, on both engines: a score after it was handed in, a grade without its finished
case, a rectification closed without a review, a visit, an appeal or a step that changes or goes (2.4.2d).
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

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


def _rules(word: str) -> list[Guard]:
    """Name, table, verb, condition under which it's refused, and why."""
    old, new = STATE.format(row="OLD"), STATE.format(row="NEW")
    evaluation, score, appeal, fix = (
        "performance_evaluation", "performance_score", "performance_appeal", "performance_rectification",
    )  # fmt: skip
    rows = [
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
    return [Guard(f"performance_{row[0]}", *row[1:]) for row in rows]


class Migration(migrations.Migration):
    dependencies = [("performance", "0001_initial"), ("evidence", "0002_guards"), ("procedures", "0002_guards")]

    operations = [
        *append_only("performance_visit"),
        *append_only("performance_fixstep"),
        guarded(_rules),
    ]
