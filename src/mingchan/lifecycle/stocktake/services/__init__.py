"""Services of stocktakes (盘点服务): plan, team, taking in, checking, settling, closing."""

from mingchan.lifecycle.stocktake.services.checking import confirm, decide, end_counting, recount, reopen
from mingchan.lifecycle.stocktake.services.closing import close, note_printed, send
from mingchan.lifecycle.stocktake.services.planning import approve, cancel, draft, edit, start
from mingchan.lifecycle.stocktake.services.settling import explain, settle
from mingchan.lifecycle.stocktake.services.taking import enter, take_in
from mingchan.lifecycle.stocktake.services.team import add_member, assign, remove_member, unassign

__all__ = [
    "add_member",
    "approve",
    "assign",
    "cancel",
    "close",
    "confirm",
    "decide",
    "draft",
    "edit",
    "end_counting",
    "enter",
    "explain",
    "note_printed",
    "recount",
    "remove_member",
    "reopen",
    "send",
    "settle",
    "start",
    "take_in",
    "unassign",
]
