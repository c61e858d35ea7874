"""Entering one appropriation or one payment by hand (手工登记), with its papers, as one act."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.funding.drafts import AppropriationDraft, FundUseDraft, Paper, Recorded
from mingchan.register.funding.services import money, writing


@transaction.atomic
def enter_appropriation(
    draft: AppropriationDraft, papers: Sequence[Paper] = (), *, source: Ref, actor: Actor, on: date
) -> Recorded:
    """Register money sent down by one document, with the document itself. Serves 2.1.1 and 3.1.

    Raises what `record_appropriations` raises, and what `evidence.attach` raises for a paper; then nothing is kept.
    """
    done = money.record_appropriations([draft], source=source, actor=actor, on=on)
    attach(Ref("appropriation", done.first_id), papers, draft.division_code, actor=actor, on=on)
    return done


@transaction.atomic
def enter_payment(
    draft: FundUseDraft,
    papers: Sequence[Paper] = (),
    *,
    source: Ref,
    actor: Actor,
    on: date,
    spender_id: int | None = None,
) -> Recorded:
    """Register one payment with its contract and invoice. Serves 3.1 and 2.6.1a.

    Raises what `record_fund_uses` raises, and what `evidence.attach` raises for a paper; then nothing is kept.
    """
    done = money.record_fund_uses([draft], source=source, actor=actor, on=on, spender_id=spender_id)
    attach(Ref("fund_use", done.first_id), papers, draft.division_code, actor=actor, on=on)
    return done


def attach(owner: Ref, papers: Sequence[Paper], division: str, *, actor: Actor, on: date) -> None:
    """Keep papers as evidence of what was entered."""
    for paper in papers:
        evidence.attach(
            paper.content,
            name=paper.name,
            owner=owner,
            division=division or writing.county_code(actor),
            kind=paper.kind,
            actor=actor,
            on=on,
        )
