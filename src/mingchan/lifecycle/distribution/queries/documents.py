"""Rows of distribution that the log protects (受保护的行)."""

from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.lifecycle.distribution.models import (
    Household,
    Member,
    Payment,
    PayoutList,
    Plan,
    PlanLine,
    Policy,
    PolicyShare,
    PolicyWeight,
    PoolRow,
    Roster,
    Share,
    Spending,
    Standing,
)

ROSTER = Protected("roster", Roster, exclude=("content",), label=("file_name",))
HOUSEHOLD = Protected("household", Household, label=("number",))
MEMBER = Protected("household_member", Member, label=("id_mask",))
STANDING = Protected("household_standing", Standing, label=("category",))
POLICY = Protected(
    "distribution_policy",
    Policy,
    label=("title",),
    children=(
        Child(PolicyShare, "policy_id", "shares", order=("use",), exclude=("id",)),
        Child(PolicyWeight, "policy_id", "weights", order=("category",), exclude=("id",)),
    ),
)
PLAN = Protected("distribution_plan", Plan, label=("title",))
POOL = Protected("distribution_pool", PoolRow, label=("entry",))
LINE = Protected("distribution_line", PlanLine, label=("use",))
SHARE = Protected("distribution_share", Share, label=("category",))
PAYOUT = Protected("payout", PayoutList, label=("number",))
PAYMENT = Protected("payment", Payment, label=("status",))
SPENDING = Protected("income_spending", Spending, label=("purpose",))
PROTECTED = (
    ROSTER, HOUSEHOLD, MEMBER, STANDING, POLICY, PLAN, POOL, LINE, SHARE, PAYOUT, PAYMENT, SPENDING,
)  # fmt: skip
"""What the verifier compares with the log."""
