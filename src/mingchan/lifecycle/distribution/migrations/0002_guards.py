"""What must never be false of distribution, kept by both databases (2.5a, 2.5b).

Nothing distributed is changed or deleted afterwards. A plan goes to its decision only when pool, uses and households
agree to the fen and no share leaves its policy; money leaves only for a plan that is filed; a receipt is let go only by
a plan that is over; what a use spends stays within its line.
"""

from typing import Any, NamedTuple

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mingchan.foundation.evidence.guards import Guard, append_only, guarded, undeletable


_LINES = "SELECT COALESCE(SUM(fen), 0) FROM distribution_planline WHERE plan_id = NEW.id AND round = NEW.round"
_POOL = "SELECT COALESCE(SUM(fen), 0) FROM distribution_poolrow WHERE plan_id = NEW.id AND released_on IS NULL"
_SHARES = "SELECT COALESCE(SUM(fen), 0) FROM distribution_share WHERE plan_id = NEW.id AND round = NEW.round"
_TO_HOUSEHOLDS = f"{_LINES} AND use = 'HOUSEHOLDS'"
_OUTSIDE = """
    SELECT 1 FROM distribution_planline AS l
    LEFT JOIN distribution_policyshare AS s ON s.policy_id = NEW.policy_id AND s.use = l.use
    WHERE l.plan_id = NEW.id AND l.round = NEW.round AND l.share > 0
    AND (s.id IS NULL OR l.share < s.least OR l.share > s.most)
"""
_MISSING = """
    SELECT 1 FROM distribution_policyshare AS s WHERE s.policy_id = NEW.policy_id AND s.least > 0 AND NOT EXISTS (
        SELECT 1 FROM distribution_planline AS l
        WHERE l.plan_id = NEW.id AND l.round = NEW.round AND l.use = s.use AND l.share >= s.least)
"""
GUARDS = (
    Guard(
        "distribution_plan_adds_up", "distribution_plan", "UPDATE",
        f"(NEW.status <> OLD.status OR NEW.round <> OLD.round) AND NEW.status IN ('PROPOSED', 'FILED') AND (({_LINES}) <> NEW.pool_fen"
        f" OR ({_POOL}) <> NEW.pool_fen OR ({_SHARES}) <> ({_TO_HOUSEHOLDS}))",
        "pool, uses and households of a plan agree to the fen",
    ),
    Guard(
        "distribution_plan_in_policy", "distribution_plan", "UPDATE",
        f"(NEW.status <> OLD.status OR NEW.round <> OLD.round) AND NEW.status IN ('PROPOSED', 'FILED') AND (EXISTS ({_OUTSIDE})"
        f" OR EXISTS ({_MISSING}) OR NOT EXISTS (SELECT 1 FROM distribution_policy AS p WHERE p.id = NEW.policy_id"
        " AND p.status = 'FILED'))",
        "a plan keeps to a filed policy",
    ),
    Guard(
        "distribution_plan_goes_on", "distribution_plan", "UPDATE",
        "OLD.status IN ('DONE', 'REJECTED', 'WITHDRAWN') OR (OLD.status = 'FILED' AND NEW.status NOT IN ('FILED', 'DONE'))"
        " OR (OLD.status = 'FILED' AND NEW.round <> OLD.round)",
        "a plan that is over stays so, and a filed one is only carried out",
    ),
    Guard(
        "distribution_payment_filed", "distribution_payment", "INSERT",
        "NOT EXISTS (SELECT 1 FROM distribution_share AS s JOIN distribution_plan AS p ON p.id = s.plan_id"
        " JOIN distribution_payoutlist AS l ON l.plan_id = p.id AND l.id = NEW.payout_id"
        " WHERE s.id = NEW.share_id AND s.round = p.round AND s.fen = NEW.fen AND p.status IN ('FILED', 'DONE')"
        " AND p.filed_on <= l.made_on)",
        "households are paid what a filed plan gives them",
    ),
    Guard(
        "distribution_payment_kept", "distribution_payment", "UPDATE",
        "OLD.status = 'RETURNED' OR (OLD.status = 'PAID' AND NEW.status <> 'RETURNED')",
        "what is paid stays paid unless it comes back",
    ),
    Guard(
        "distribution_spending_filed", "distribution_spending", "INSERT",
        "NOT EXISTS (SELECT 1 FROM distribution_planline AS l JOIN distribution_plan AS p ON p.id = l.plan_id"
        " WHERE l.id = NEW.line_id AND l.round = p.round AND l.use <> 'HOUSEHOLDS' AND p.status = 'FILED'"
        " AND p.filed_on <= NEW.spent_on AND l.fen >= NEW.fen + (SELECT COALESCE(SUM(fen), 0)"
        " FROM distribution_spending WHERE line_id = NEW.line_id))",
        "a use spends no more than a filed plan gives it",
    ),
    Guard(
        "distribution_pool_released", "distribution_poolrow", "UPDATE",
        "NEW.released_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM distribution_plan WHERE id = NEW.plan_id"
        " AND status IN ('REJECTED', 'WITHDRAWN'))",
        "a receipt is let go only by a plan that is over",
    ),
    Guard(
        "distribution_share_while_open", "distribution_share", "INSERT",
        "NOT EXISTS (SELECT 1 FROM distribution_plan WHERE id = NEW.plan_id AND round <= NEW.round"
        " AND status IN ('DRAFT', 'PROPOSED'))",
        "shares belong to the round of an open plan",
    ),
    Guard(
        "distribution_policy_kept", "distribution_policy", "UPDATE",
        "OLD.status <> 'DRAFT'",
        "a filed policy never changes",
    ),
)  # fmt: skip


PAID = ("paid_on", "proof", "paid_voucher", "returned_on", "return_reason", "return_voucher")


class Migration(migrations.Migration):
    dependencies = [("distribution", "0001_initial"), ("evidence", "0001_initial")]
    operations = [
        *undeletable("distribution_household"),
        *append_only("distribution_member", allow_update_of=("relation", "is_head", "name"), allow_fill_of=("left_on",)),
        *append_only("distribution_standing", allow_fill_of=("ended_on",)),
        *append_only(
            "distribution_policy", allow_update_of=("status",), allow_fill_of=("filing_number", "filed_on", "filed_by")
        ),
        *append_only("distribution_policyshare"),
        *append_only("distribution_policyweight"),
        *append_only(
            "distribution_plan",
            allow_update_of=("status", "round"),
            allow_fill_of=("case_id", "filing_number", "filed_on", "filed_by", "ended_on"),
        ),
        *append_only("distribution_poolrow", allow_fill_of=("released_on",)),
        *append_only("distribution_planline"),
        *append_only("distribution_share"),
        *append_only("distribution_payoutlist"),
        *append_only("distribution_payment", allow_update_of=("status",), allow_fill_of=PAID),
        *append_only("distribution_spending"),
        *undeletable("distribution_roster"),
        guarded(lambda _word: GUARDS),
    ]
