"""The book that distribution is posted in (账套): that of the holder of the income right (4.1: 单独建账、独立核算)."""

from datetime import date

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.distribution import postings
from mingchan.lifecycle.distribution.models import Plan

_VILLAGE = frozenset({PartyKind.VILLAGE_COMMITTEE, PartyKind.COLLECTIVE})


class PlanBook:
    """The holder's book, and the lines as its accounting system writes them."""

    def __init__(self, plan: Plan, *, actor: Actor, on: date) -> None:
        owner = plan.holder
        self.system = postings.VILLAGE if owner.kind in _VILLAGE else "GOVERNMENT"
        book = ledger.ensure_book(owner.pk, owner.name, owner.division_code, self.system, actor=actor, on=on)
        self.plan, self.book_id, self.actor, self.on = plan, int(book.pk), actor, on

    def post(
        self, lines: tuple[LineDraft, ...], summary: str, key: str, day: date, budget: tuple[LineDraft, ...] = ()
    ) -> str:
        """Post one voucher about the plan, and beside it the budget side in the bureau's book; its reference."""
        draft = VoucherDraft(
            self.book_id, day, summary[:200], lines, self.plan.ref, key, self.plan.division_code, budget
        )
        return str(ledger.post(draft, actor=self.actor, on=self.on).ref)
