"""Services of disposal (处置服务): propose, submit, appraise, ask a price, carry out, settle."""

from mingchan.lifecycle.disposal.services.appraising import record_appraisal
from mingchan.lifecycle.disposal.services.drafting import (
    add_assets,
    attach_paper,
    cancel,
    draft,
    edit,
    remove_assets,
    take_part,
)
from mingchan.lifecycle.disposal.services.executing import ask_price, execute
from mingchan.lifecycle.disposal.services.reacting import may_change, on_approved, on_moved, on_rejected, on_withdrawn
from mingchan.lifecycle.disposal.services.settling import close_account, note_printed, pay, receive, remit
from mingchan.lifecycle.disposal.services.submitting import amend, submit, withdraw

__all__ = [
    "add_assets",
    "amend",
    "ask_price",
    "attach_paper",
    "cancel",
    "close_account",
    "draft",
    "edit",
    "execute",
    "may_change",
    "note_printed",
    "on_approved",
    "on_moved",
    "on_rejected",
    "on_withdrawn",
    "pay",
    "receive",
    "record_appraisal",
    "remit",
    "remove_assets",
    "submit",
    "take_part",
    "withdraw",
]
