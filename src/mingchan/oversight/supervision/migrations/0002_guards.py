"""What the database refuses by itself, on both engines: a finding deleted, closed while its fact stands or without a
step that says so, waived without its approved case; a journal, a period, a run or a sample changed (1.2a, 3.4.2).
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

KEPT = ("id", "county", "check_code", "subject", "fact", "asset_id", "is_sample")
LINE_KEPT = ("id", "sample_id", "asset_id")
APPROVED = """EXISTS (SELECT 1 FROM procedures_case AS c WHERE c.id = NEW.case_id AND c.code = 'finding_waiver'
    AND c.status = 'APPROVED')"""
SAID = "EXISTS (SELECT 1 FROM supervision_step AS s WHERE s.finding_id = NEW.id AND s.act = 'CLOSED')"


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def _rules(word: str) -> list[Guard]:
    finding, period, line = "supervision_finding", "supervision_period", "supervision_sampleline"
    rows = [
        ("finding_kept", finding, "UPDATE", _changed(KEPT, word), "a finding keeps what it is about"),
        ("finding_stays", finding, "DELETE", "", "a finding never goes"),
        (
            "finding_closed", finding, "UPDATE",
            f"NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED' AND (NEW.gone_on IS NULL OR NOT {SAID})",
            "a finding is closed when its fact is gone",
        ),
        (
            "finding_waived", finding, "UPDATE", f"NEW.state = 'WAIVED' AND NOT {APPROVED}",
            "a finding is waived by its approved case",
        ),
        ("finding_begins", finding, "INSERT", "NEW.state <> 'OPEN'", "a finding begins open"),
        ("period_over", period, "UPDATE", "OLD.closed_on IS NOT NULL", "a period that is over never changes"),
        ("period_stays", period, "DELETE", "", "a period never goes"),
        ("line_kept", line, "UPDATE", _changed(LINE_KEPT, word), "a line keeps the asset drawn"),
        ("line_over", line, "UPDATE", "OLD.result <> 'WAITING'", "what an inspection found never changes"),
        ("line_stays", line, "DELETE", "", "a line of a sample never goes"),
    ]  # fmt: skip
    return [Guard(f"supervision_{row[0]}", *row[1:]) for row in rows]


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial"), ("evidence", "0002_guards"), ("procedures", "0002_guards")]

    operations = [
        *append_only("supervision_step"),
        *append_only("supervision_run"),
        *append_only("supervision_sample"),
        guarded(_rules),
    ]
