"""What the database refuses by itself: samples, opinions, persons, orders, payments and steps that change or go; more
compensation paid than ordered; a sample or opinion at the wrong time; any change of a case that is closed."""

from django.db import migrations

from mingchan.foundation.evidence.guards import Guard, append_only, guarded

PLAN_STATE = "(SELECT state FROM jointwork_plan WHERE id = NEW.plan_id)"
CASE_STATE = "(SELECT state FROM jointwork_case WHERE id = NEW.case_id)"


def _rules(_word: str) -> list[Guard]:
    return [
        Guard(
            "jointwork_plan_kept", "jointwork_plan", "UPDATE", "OLD.state = 'CONCLUDED'",
            "a signed report never changes",
        ),
        Guard(
            "jointwork_plan_drawn_once", "jointwork_plan", "UPDATE",
            "OLD.seed <> '' AND (NEW.seed <> OLD.seed OR NEW.frame_digest <> OLD.frame_digest)",
            "a sample is drawn once",
        ),
        Guard(
            "jointwork_plan_four_offices", "jointwork_plan", "UPDATE",
            "NEW.state = 'CONCLUDED' AND (SELECT COUNT(DISTINCT office) FROM jointwork_opinion"
            " WHERE plan_id = NEW.id) <> 4",
            "a year is concluded when four offices have signed",
        ),
        Guard(
            "jointwork_sample_in_time", "jointwork_sample", "INSERT", f"{PLAN_STATE} <> 'DRAWN'",
            "a sample is written when it is drawn",
        ),
        Guard(
            "jointwork_opinion_in_time", "jointwork_opinion", "INSERT", f"{PLAN_STATE} <> 'DRAWN'",
            "an opinion is signed while the year is tracked",
        ),
        Guard(
            "jointwork_case_kept", "jointwork_case", "UPDATE", "OLD.state IN ('CLOSED', 'DROPPED')",
            "a finished case never changes",
        ),
        Guard(
            "jointwork_case_owed", "jointwork_case", "UPDATE",
            "NEW.state = 'CLOSED' AND (SELECT COALESCE(SUM(fen), 0) FROM jointwork_order WHERE case_id = NEW.id) <>"
            " (SELECT COALESCE(SUM(p.fen), 0) FROM jointwork_payment AS p JOIN jointwork_order AS o"
            " ON o.id = p.order_id WHERE o.case_id = NEW.id)",
            "a case isn't closed while compensation is owed",
        ),
        Guard(
            "jointwork_order_in_time", "jointwork_order", "INSERT", f"{CASE_STATE} <> 'FOUND'",
            "compensation is ordered after the loss was found",
        ),
        Guard(
            "jointwork_order_within_loss", "jointwork_order", "INSERT",
            "NEW.fen + (SELECT COALESCE(SUM(fen), 0) FROM jointwork_order WHERE case_id = NEW.case_id) >"
            " (SELECT loss_fen FROM jointwork_case WHERE id = NEW.case_id)",
            "no more compensation is ordered than was lost",
        ),
        Guard(
            "jointwork_payment_within_order", "jointwork_payment", "INSERT",
            "NEW.fen + (SELECT COALESCE(SUM(fen), 0) FROM jointwork_payment WHERE order_id = NEW.order_id) >"
            " (SELECT fen FROM jointwork_order WHERE id = NEW.order_id)",
            "no more is paid than was ordered",
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("jointwork", "0001_initial"), ("evidence", "0001_initial")]
    operations = [
        *append_only(
            "jointwork_plan",
            allow_update_of=(
                "seed", "checkpoint", "frame_count", "frame_fen", "frame_digest", "drawn_on", "concluded_on", "state",
                "version",
            ),
        ),
        *append_only("jointwork_sample"),
        *append_only("jointwork_looked"),
        *append_only("jointwork_opinion"),
        *append_only("jointwork_case", allow_update_of=("loss_fen", "state", "closed_on", "version")),
        *append_only("jointwork_caseasset"),
        *append_only("jointwork_person"),
        *append_only("jointwork_order"),
        *append_only("jointwork_payment"),
        *append_only("jointwork_transfer"),
        *append_only("jointwork_step"),
        guarded(_rules),
    ]
