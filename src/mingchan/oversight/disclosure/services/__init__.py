"""What can be done with notices and objections (公示服务), one module for each part."""

from mingchan.oversight.disclosure.services.answering import accept, answer, assign, note, refuse, reveal
from mingchan.oversight.disclosure.services.closing import close, close_over
from mingchan.oversight.disclosure.services.drafting import correct, draft, draft_by_hand, drop, edit, mask
from mingchan.oversight.disclosure.services.objecting import object_to
from mingchan.oversight.disclosure.services.posting import post
from mingchan.oversight.disclosure.services.publishing import printed, publish, withdraw
from mingchan.oversight.disclosure.services.waiting import draft_missing, on_amended, on_waiting, on_withdrawn

__all__ = [
    "accept",
    "answer",
    "assign",
    "close",
    "close_over",
    "correct",
    "draft",
    "draft_by_hand",
    "draft_missing",
    "drop",
    "edit",
    "mask",
    "note",
    "object_to",
    "on_amended",
    "on_waiting",
    "on_withdrawn",
    "post",
    "printed",
    "publish",
    "refuse",
    "reveal",
    "withdraw",
]
