"""Services of supervision (监督服务): run the checks, follow events, rectify, review, exempt, escalate, inspect."""

from mingchan.oversight.supervision.services.escalating import escalate
from mingchan.oversight.supervision.services.handling import assign, report, review
from mingchan.oversight.supervision.services.inspecting import draw, inspect
from mingchan.oversight.supervision.services.raising import raise_by_hand
from mingchan.oversight.supervision.services.running import follow, run
from mingchan.oversight.supervision.services.waiving import ask_waiver, on_rejected, on_waived

__all__ = [
    "ask_waiver",
    "assign",
    "draw",
    "escalate",
    "follow",
    "inspect",
    "on_rejected",
    "on_waived",
    "raise_by_hand",
    "report",
    "review",
    "run",
]
