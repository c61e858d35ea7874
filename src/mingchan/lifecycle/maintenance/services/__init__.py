"""Services of inspections and repairs (巡查维修服务)."""

from mingchan.lifecycle.maintenance.services.inspecting import close, drop, take_in
from mingchan.lifecycle.maintenance.services.paying import link_claim, note_print, pay
from mingchan.lifecycle.maintenance.services.planning import plan, stop
from mingchan.lifecycle.maintenance.services.repairing import accept, assign, decline, repair, report, send_back
from mingchan.lifecycle.maintenance.services.warranting import end_warranty, warrant

__all__ = [
    "accept",
    "assign",
    "close",
    "decline",
    "drop",
    "end_warranty",
    "link_claim",
    "note_print",
    "pay",
    "plan",
    "repair",
    "report",
    "send_back",
    "stop",
    "take_in",
    "warrant",
]
