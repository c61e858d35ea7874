"""Services of procedures (审批服务): bring a matter in, decide, wake, amend, withdraw; drawings, delegations, days."""

from mingchan.foundation.procedures.services.calendar import set_day
from mingchan.foundation.procedures.services.deciding import decide, signal
from mingchan.foundation.procedures.services.defining import BadFile, add_definition, check
from mingchan.foundation.procedures.services.delegating import delegate, end_delegation
from mingchan.foundation.procedures.services.filing import PaperDraft, add_paper
from mingchan.foundation.procedures.services.starting import amend, start, withdraw

__all__ = [
    "BadFile",
    "PaperDraft",
    "add_definition",
    "add_paper",
    "amend",
    "check",
    "decide",
    "delegate",
    "end_delegation",
    "set_day",
    "signal",
    "start",
    "withdraw",
]
