"""The book that a creditor's income goes into (单独建账、独立核算, 4.1), and the entries that were made in it."""

from collections.abc import Iterable, Sequence
from datetime import date

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import BookDraft, LineDraft, VoucherDraft
from mingchan.foundation.ledger.models import Voucher
from mingchan.kernel.actor import Actor
from mingchan.kernel.money import format_yuan
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.income import events
from mingchan.lifecycle.income.models import Entry, Receivable
from mingchan.lifecycle.income.queries.documents import ENTRY
from mingchan.lifecycle.income.queries.receipts import VILLAGE_KINDS


def books_of(creditors: Iterable[int], *, actor: Actor, on: date) -> dict[int, int]:
    """Ids of the creditors' books, opened where there is none: government bodies keep one system, villages another."""
    parties = Party.objects.filter(pk__in=list(creditors))
    drafts = [
        BookDraft(party.pk, party.name, party.division_code, "VILLAGE" if party.kind in VILLAGE_KINDS else "GOVERNMENT")
        for party in parties
    ]
    return {owner: int(book.pk) for owner, book in ledger.ensure_books(drafts, actor=actor, on=on).items()}


def book_of(creditor: int, *, actor: Actor, on: date) -> int:
    """The id of one creditor's book."""
    return books_of([creditor], actor=actor, on=on)[creditor]


def post(
    creditor: int, lines: Sequence[LineDraft], summary: str, *, source: Ref, key: str, day: date, actor: Actor, on: date
) -> Voucher | None:
    """Post lines into the creditor's book; nothing when there are none."""
    if not lines:
        return None
    draft = VoucherDraft(
        book_id=book_of(creditor, actor=actor, on=on),
        day=day,
        summary=summary[:200],
        lines=lines,
        source=source,
        key=key,
        division=actor.county.ljust(12, "0"),
    )
    return ledger.post(draft, actor=actor, on=on)


def enter(entry: Entry, receivable: Receivable, *, actor: Actor, on: date) -> None:
    """Write an entry and its record. The database keeps the sums beside it and refuses what rests on nothing."""
    entry.save(force_insert=True)
    evidence.record(
        events.SETTLED,
        Ref("income_entry", entry.pk),
        actor=actor,
        on=on,
        after=protection.document(ENTRY, entry),
        division=receivable.division_code,
        facts={"number": receivable.label, "kind": str(entry.get_kind_display()), "fen": format_yuan(entry.fen)},
    )
