"""Services of operation (经营服务): contracts from draft to end, changes, reports, insurance."""

from mingchan.lifecycle.operation.services import changing, deciding
from mingchan.lifecycle.operation.services.changing import assets_of, carry_out, propose, under_contract
from mingchan.lifecycle.operation.services.deciding import income_words, revise, sign, submit, waits_for_signing
from mingchan.lifecycle.operation.services.drafting import amend, amendable_from, choose, draft, drop, edit, renew
from mingchan.lifecycle.operation.services.insuring import claim, close_claim, end_insurance, insure
from mingchan.lifecycle.operation.services.keeping import lacks as lacks_of
from mingchan.lifecycle.operation.services.keeping import terms_of
from mingchan.lifecycle.operation.services.living import begin, by_the_clock, end, follow_split, give_back
from mingchan.lifecycle.operation.services.noting import note_export, note_print
from mingchan.lifecycle.operation.services.reporting import answer, report

CONTRACT_OUTCOME = (deciding.on_approved, deciding.on_rejected, deciding.on_rejected)
"""What follows when a contract's case is agreed to, refused, taken back."""
CHANGE_OUTCOME = (changing.on_approved, changing.on_rejected, changing.on_rejected)
"""The same for a change of operator or mode."""

__all__ = [
    "CHANGE_OUTCOME",
    "CONTRACT_OUTCOME",
    "amend",
    "amendable_from",
    "answer",
    "assets_of",
    "begin",
    "by_the_clock",
    "carry_out",
    "choose",
    "claim",
    "close_claim",
    "draft",
    "drop",
    "edit",
    "end",
    "end_insurance",
    "follow_split",
    "give_back",
    "income_words",
    "insure",
    "lacks_of",
    "note_export",
    "note_print",
    "propose",
    "renew",
    "report",
    "revise",
    "sign",
    "submit",
    "terms_of",
    "under_contract",
    "waits_for_signing",
]
