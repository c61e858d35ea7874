"""Services of procedures (审批服务): bring a matter in, decide, wake, amend, withdraw; drawings, delegations, days."""

from mingchan.foundation.procedures.rules import Votes
from mingchan.foundation.procedures.services.calendar import set_day
from mingchan.foundation.procedures.services.copying import copy, read
from mingchan.foundation.procedures.services.deciding import decide, signal
from mingchan.foundation.procedures.services.defining import BadFile, add_definition, check
from mingchan.foundation.procedures.services.delegating import delegate, end_delegation
from mingchan.foundation.procedures.services.filing import PaperDraft, add_paper
from mingchan.foundation.procedures.services.reminding import Reminded, remind, urge
from mingchan.foundation.procedures.services.starting import amend, start, withdraw
from mingchan.foundation.procedures.services.tabling import add_table, check_table
from mingchan.foundation.procedures.services.telling import see, see_all

__all__ = [
    "BadFile",
    "PaperDraft",
    "Reminded",
    "Votes",
    "add_definition",
    "add_paper",
    "add_table",
    "amend",
    "check",
    "check_table",
    "copy",
    "decide",
    "delegate",
    "end_delegation",
    "read",
    "remind",
    "see",
    "see_all",
    "set_day",
    "signal",
    "start",
    "urge",
    "withdraw",
]
