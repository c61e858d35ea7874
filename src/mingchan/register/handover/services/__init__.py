"""What can be done with handover lists (移交服务), one module for each step."""

from mingchan.register.handover.services.checking import attach_paper, open_checking, resolve, tick
from mingchan.register.handover.services.drafting import add_assets, draft, draft_for_leaver, edit, refresh, remove
from mingchan.register.handover.services.signing import cancel, retract, sign

__all__ = [
    "add_assets",
    "attach_paper",
    "cancel",
    "draft",
    "draft_for_leaver",
    "edit",
    "open_checking",
    "refresh",
    "remove",
    "resolve",
    "retract",
    "sign",
    "tick",
]
