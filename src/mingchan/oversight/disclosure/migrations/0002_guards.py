"""What the database refuses by itself, on both engines: a published word that changes, a notice that ends early, with an
open objection or without proof, an objection that is changed or made late, and a case that passes its notice step by.

Every refusal is an IntegrityError for the caller.
"""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

FIXED = (
    "id", "county", "case_id", "task_id", "origin_id", "supersedes_id", "drafter_id", "drafted_by", "drafted_on",
    "is_sample",
)  # fmt: skip
PUBLISHED = (
    "kind", "division_code", "title", "paragraphs", "columns", "rows", "clauses", "contact", "subject",
    "correction_reason", "days", "unit", "year", "serial", "number", "slug", "published_on", "published_at",
    "published_by", "first_day", "last_day", "digest", "checkpoint",
)  # fmt: skip
RAISED = (
    "id", "county", "notice_id", "division_code", "year", "serial", "number", "code_digest", "source", "text",
    "name_cipher", "name_mask", "contact_cipher", "contact_mask", "is_late", "raised_on", "raised_at", "due_on",
    "taken_by", "is_sample",
)  # fmt: skip
LIVE = "('DRAFT', 'PUBLISHED')"
OPEN = """EXISTS (SELECT 1 FROM disclosure_objection AS o JOIN disclosure_notice AS m ON m.id = o.notice_id
    WHERE m.origin_id = {notice}.origin_id AND o.state IN ('OPEN', 'ACCEPTED') AND NOT o.is_late)"""
UNPROVEN = """EXISTS (SELECT 1 FROM disclosure_noticeplace AS p WHERE p.notice_id = NEW.id AND p.kind = 'BOARD'
    AND NOT EXISTS (SELECT 1 FROM disclosure_posting AS t WHERE t.place_id = p.id))"""
CORRECTED = """EXISTS (SELECT 1 FROM disclosure_notice AS c WHERE c.supersedes_id = NEW.id
    AND c.state IN ('PUBLISHED', 'CLOSED'))"""
CORRECTING = "EXISTS (SELECT 1 FROM disclosure_notice AS c WHERE c.supersedes_id = NEW.id AND c.state <> 'DROPPED')"
AWAITED = """EXISTS (SELECT 1 FROM procedures_task AS k JOIN procedures_case AS e ON e.id = k.case_id
    WHERE k.id = NEW.task_id AND k.status = 'WAITING' AND e.status = 'RUNNING')"""
NO_PLACE = "NOT EXISTS (SELECT 1 FROM disclosure_noticeplace AS p WHERE p.notice_id = NEW.id)"
OF_NOTICE = "(SELECT n.{column} FROM disclosure_notice AS n WHERE n.id = {row}.notice_id)"
PASSED = f"""EXISTS (SELECT 1 FROM disclosure_notice AS n WHERE n.task_id = NEW.id AND n.state = 'CLOSED'
    AND n.closed_on > n.last_day AND NOT {OPEN.format(notice="n")})"""


def _changed(names: tuple[str, ...], word: str) -> str:
    return "(" + " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names) + ")"


def _state(row: str) -> str:
    return OF_NOTICE.format(column="state", row=row)


def _rules(word: str) -> list[Guard]:
    """Name, table, verb, condition under which it's refused, and why."""
    sqlite = word == "IS NOT"
    length = "julianday(NEW.last_day) - julianday(NEW.first_day)" if sqlite else "(NEW.last_day - NEW.first_day)"
    posted = OF_NOTICE.format(column="published_on", row="NEW")
    last = OF_NOTICE.format(column="last_day", row="NEW")
    begun = "NEW.state = 'PUBLISHED' AND OLD.state = 'DRAFT'"
    rows = [
        ("notice_begins", "disclosure_notice", "INSERT", "NEW.state <> 'DRAFT'", "a notice begins as a draft"),
        ("notice_over", "disclosure_notice", "UPDATE", f"OLD.state NOT IN {LIVE}", "a notice that is over never changes"),
        ("notice_fixed", "disclosure_notice", "UPDATE", _changed(FIXED, word), "a notice keeps what it was made for"),
        (
            "notice_frozen", "disclosure_notice", "UPDATE",
            f"OLD.state = 'PUBLISHED' AND {_changed(PUBLISHED, word)}",
            "a published notice never changes: it is corrected by a new one",
        ),
        (
            "notice_way", "disclosure_notice", "UPDATE",
            "OLD.state = 'DRAFT' AND NEW.state NOT IN ('DRAFT', 'PUBLISHED', 'DROPPED') OR OLD.state = 'PUBLISHED' "
            "AND NEW.state NOT IN ('PUBLISHED', 'CLOSED', 'CORRECTED', 'WITHDRAWN')",
            "a notice is drafted, then published, then over",
        ),
        (
            "notice_published", "disclosure_notice", "UPDATE",
            f"{begun} AND ({length} + 1 < NEW.days OR {NO_PLACE})",
            "a notice is published for its whole period, somewhere",
        ),
        (
            "notice_closed", "disclosure_notice", "UPDATE",
            f"NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED' AND (NEW.closed_on IS NULL OR NEW.closed_on <= NEW.last_day "
            f"OR {OPEN.format(notice='NEW')} OR {UNPROVEN} OR {CORRECTING})",
            "a notice ends after its last day, without open objections, with proof from each board",
        ),
        (
            "notice_corrected", "disclosure_notice", "UPDATE", f"NEW.state = 'CORRECTED' AND NOT {CORRECTED}",
            "a notice is corrected by a published one",
        ),
        (
            "notice_withdrawn", "disclosure_notice", "UPDATE",
            f"NEW.state = 'WITHDRAWN' AND ({AWAITED} OR {CORRECTING})",
            "a notice that a case waits for is not withdrawn",
        ),
        ("notice_stays", "disclosure_notice", "DELETE", "", "a notice never goes"),
        (
            "notice_place_set", "disclosure_noticeplace", "INSERT", f"{_state('NEW')} <> 'DRAFT'",
            "places are set before a notice is published",
        ),
        ("notice_place_kept", "disclosure_noticeplace", "UPDATE", "", "a place is taken away and set anew"),
        (
            "notice_place_stays", "disclosure_noticeplace", "DELETE", f"{_state('OLD')} <> 'DRAFT'",
            "places of a published notice stay",
        ),
        (
            "posting_of_notice", "disclosure_posting", "INSERT",
            f"{_state('NEW')} <> 'PUBLISHED' OR NEW.posted_on < {posted} OR NEW.notice_id <> "
            "(SELECT p.notice_id FROM disclosure_noticeplace AS p WHERE p.id = NEW.place_id)",
            "proof is of a place of a running notice",
        ),
        (
            "objection_raised", "disclosure_objection", "INSERT",
            f"NEW.state <> 'OPEN' OR {_state('NEW')} IN ('DRAFT', 'DROPPED') OR NEW.is_late <> (NEW.raised_on > {last}) "
            f"OR NOT NEW.is_late AND {_state('NEW')} <> 'PUBLISHED' OR NEW.raised_on < {posted}",
            "an objection is open, to a published notice, and late only after its last day",
        ),
        ("objection_said", "disclosure_objection", "UPDATE", _changed(RAISED, word), "an objection stays as it was raised"),
        (
            "objection_over", "disclosure_objection", "UPDATE", "OLD.state IN ('ANSWERED', 'INADMISSIBLE')",
            "an answered objection never changes",
        ),
        (
            "objection_way", "disclosure_objection", "UPDATE",
            "OLD.state = 'OPEN' AND NEW.state NOT IN ('OPEN', 'ACCEPTED', 'INADMISSIBLE') OR OLD.state = 'ACCEPTED' "
            "AND NEW.state NOT IN ('ACCEPTED', 'ANSWERED')",
            "an objection is accepted or refused, then answered",
        ),
        ("objection_stays", "disclosure_objection", "DELETE", "", "an objection never goes"),
        (
            "task_after_notice", "procedures_task", "UPDATE",
            f"NEW.waits = 'notice' AND NEW.status = 'DONE' AND OLD.status <> 'DONE' AND NOT {PASSED}",
            "a case goes on after its notice was closed without open objections",
        ),
        (
            "task_begins_waiting", "procedures_task", "INSERT", "NEW.waits = 'notice' AND NEW.status = 'DONE'",
            "a case waits for its notice first",
        ),
    ]  # fmt: skip
    return [Guard(f"disclosure_{row[0]}", *row[1:]) for row in rows]


EMPTIED = ("disclosure_notice", "disclosure_noticeplace", "disclosure_objection")


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial"), ("evidence", "0002_guards"), ("procedures", "0004_guards_of_reminders")]

    operations = [
        *append_only("disclosure_posting"),
        *append_only("disclosure_objectionnote"),
        guarded(_rules, emptied=EMPTIED),
    ]
