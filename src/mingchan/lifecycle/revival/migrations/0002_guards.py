"""What the database refuses by itself, on both engines: a pool whose past changes, a measure decided by no case, a
review that changes or goes (2.6.2).
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

KEPT = (
    "id", "county", "year", "serial", "number", "kind", "party_id", "site_id", "reason", "goal", "proposed_on",
    "proposed_by", "is_sample",
)  # fmt: skip
AGREED = """EXISTS (SELECT 1 FROM procedures_case AS c WHERE c.id = NEW.case_id AND c.code = 'revival'
    AND c.status = 'APPROVED')"""
STEPPED = "EXISTS (SELECT 1 FROM revival_step AS s WHERE s.measure_id = NEW.id AND s.done_on IS NULL)"


def _rules(word: str) -> list[Guard]:
    changed = "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in KEPT) + ")"
    measure = "revival_measure"
    return [
        Guard(
            "revival_begins", measure, "INSERT",
            "NEW.state NOT IN ('PROCEDURE', 'ACTING') OR (NEW.state = 'ACTING') <> (NEW.kind IN ('ENTRUST', 'COOPERATE'))",
            "a measure begins with its procedures",
        ),
        Guard("revival_kept", measure, "UPDATE", changed, "a measure keeps what was proposed"),
        Guard(
            "revival_over", measure, "UPDATE", "OLD.state IN ('DONE', 'REJECTED', 'STOPPED')",
            "a measure that is over never changes",
        ),
        Guard(
            "revival_agreed", measure, "UPDATE",
            f"NEW.kind IN ('USER', 'TRANSFER') AND NEW.state IN ('APPROVED', 'ACTING', 'DONE') AND NOT {AGREED}",
            "a measure is carried out when its case is approved",
        ),
        Guard(
            "revival_stepped", measure, "UPDATE", f"NEW.state = 'DONE' AND {STEPPED}",
            "a measure is done when its steps are",
        ),
        Guard("revival_stays", measure, "DELETE", "", "a measure never goes"),
    ]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("revival", "0001_initial"), ("evidence", "0002_guards"), ("procedures", "0002_guards")]

    operations = [
        *append_only("revival_spell", allow_fill_of=("left_on",)),
        *append_only("revival_reason", allow_fill_of=("valid_to",)),
        *append_only("revival_part", allow_update_of=("is_open",)),
        *append_only("revival_step", allow_fill_of=("done_on",)),
        *append_only("revival_review"),
        guarded(_rules),
    ]
