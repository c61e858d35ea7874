"""Services of distribution (收益分配服务): households, policies, plans, payouts, and whole numbers with a reason."""

from mingchan.lifecycle.distribution.services.deciding import (
    on_approved,
    on_rejected,
    on_waiting,
    on_withdrawn,
    propose_plan,
    redraft_plan,
    withdraw_plan,
)
from mingchan.lifecycle.distribution.services.households import (
    apply_roster,
    discard_roster,
    leave,
)
from mingchan.lifecycle.distribution.services.payouts import make_list, mark_paid, mark_returned, spend
from mingchan.lifecycle.distribution.services.planning import draft_plan
from mingchan.lifecycle.distribution.services.policies import drop_policy, file_policy, make_policy
from mingchan.lifecycle.distribution.services.revealing import bank_rows, note_print, reveal
from mingchan.lifecycle.distribution.services.rosters import import_households

__all__ = [
    "apply_roster",
    "bank_rows",
    "discard_roster",
    "draft_plan",
    "drop_policy",
    "file_policy",
    "import_households",
    "leave",
    "make_list",
    "make_policy",
    "mark_paid",
    "mark_returned",
    "note_print",
    "on_approved",
    "on_rejected",
    "on_waiting",
    "on_withdrawn",
    "propose_plan",
    "redraft_plan",
    "reveal",
    "spend",
    "withdraw_plan",
]
