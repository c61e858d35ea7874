"""Who may do what with the books (权限). One answer for every door."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mingchan.foundation.ledger.models import Book
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound

VIEW, POST, CLOSE = "ledger.view", "ledger.post", "ledger.close"
POSTING: tuple[str, ...] = (
    POST,
    CLOSE,
    "asset.register",
    "asset.correct",
    "asset.split",
    "exchange.import",
    "exchange.withdraw",
    "funding.register",
    "right.approve",
    "handover.sign",
    "depreciation.run",
    "income.bill",
    "income.receive",
    "income.remit",
    "income.countersign",
    "distribution.pay",
    "distribution.spend",
    "disposal.execute",
    "disposal.settle",
    "maintenance.order",
)
"""An entry follows from an act: whoever may do the act over a division may cause its entry there."""

ACTS = tuple(right for right in POSTING if right not in (POST, CLOSE))
"""The acts: what they are done to may lie in another division than the book that tells of it (a town's asset of the
county's bureau). Posting by hand has no such thing, so its right holds over the book itself."""


def may(actor: Actor, right: str, division: str, owner_id: int | None = None) -> bool:
    """Whether the actor holds the right over the division, or over the one owner."""
    return actor.may(right, division) or owner_id in actor.parties(right)


def require(actor: Actor, rights: Iterable[str], division: str, owner_id: int | None = None) -> None:
    """Nothing when one of the rights holds there. Raises NotAllowed without any of them, NotFound outside the scope."""
    held = [right for right in rights if actor.may(right)]
    if not held:
        raise NotAllowed(_("您没有这项权限。"), clauses=("4.1",))
    if not any(may(actor, right, division, owner_id) for right in held):
        raise NotFound(_("没有这本账。"))


def require_entry(actor: Actor, book: Book, division: str) -> None:
    """As `require`, for an entry about something in a division of the book's county: the act's right there is enough.

    A town's registrar so causes the entry of a town's asset in the book of its owner, and sees no more of that book.
    """
    if not (division.startswith(book.county) and any(actor.may(right, division) for right in ACTS)):
        require(actor, POSTING, book.division_code, book.owner_id)


def require_book(actor: Actor, division: str, owner_id: int) -> None:
    """As `require`, for having an owner's book open: whoever may do an act in the owner's county needs it for that."""
    county = division[:6]
    if not (county and any(scope.startswith(county) for right in ACTS for scope in actor.scopes(right))):
        require(actor, POSTING, division, owner_id)


def require_over(actor: Actor, right: str, book: Book) -> None:
    """As `require`, for one right over one book."""
    require(actor, (right,), book.division_code, book.owner_id)
