"""The book of an owner (账套): government bodies keep one system of accounts, village bodies another."""

from datetime import date

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Party
from mingchan.foundation.ledger import services as ledger
from mingchan.kernel.actor import Actor

_VILLAGE = frozenset({PartyKind.VILLAGE_COMMITTEE, PartyKind.COLLECTIVE})


def system_of(owner: Party) -> str:
    """The accounting system an owner's book is kept under."""
    return "VILLAGE" if owner.kind in _VILLAGE else "GOVERNMENT"


def book_of(owner: Party, *, actor: Actor, on: date) -> int:
    """Id of the owner's book, opened when there is none (4.1: 单独建账、独立核算)."""
    book = ledger.ensure_book(owner.pk, owner.name, owner.division_code, system_of(owner), actor=actor, on=on)
    return int(book.pk)
