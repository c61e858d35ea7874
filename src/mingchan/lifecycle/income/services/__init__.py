"""Services of income (收益服务): issue, receive, remit, remind, give up by a case, settle a year."""

from mingchan.lifecycle.income.services.billing import cancel, issue
from mingchan.lifecycle.income.services.receiving import (
    receive,
    refund,
    return_deposit,
    return_payment,
    use_credit,
)
from mingchan.lifecycle.income.services.remissions import ask
from mingchan.lifecycle.income.services.remitting import note_delivery, note_export, note_printing, remind, remit
from mingchan.lifecycle.income.services.settling import confirm, countersign, prepare, send_back
from mingchan.lifecycle.income.services.statements import claim, set_aside, take

__all__ = [
    "ask",
    "cancel",
    "claim",
    "confirm",
    "countersign",
    "issue",
    "note_delivery",
    "note_export",
    "note_printing",
    "prepare",
    "receive",
    "refund",
    "remind",
    "remit",
    "return_deposit",
    "return_payment",
    "send_back",
    "set_aside",
    "take",
    "use_credit",
]
