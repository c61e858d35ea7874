"""Who may see and charge depreciation (折旧权限): whoever sees a book sees its runs; the accountant charges."""

from django.utils.translation import gettext as _

from mingchan.foundation.ledger.models import Book
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound

VIEW, RUN = "ledger.view", "depreciation.run"


def may_run(actor: Actor, book: Book) -> bool:
    """Whether the actor may charge a book."""
    return actor.may(RUN, book.division_code) or book.owner_id in actor.parties(RUN)


def require_run(actor: Actor, book: Book) -> None:
    """Nothing when the actor may charge the book. Raises NotAllowed without the right, NotFound outside the scope."""
    if not actor.may(RUN):
        raise NotAllowed(_("您没有计提折旧的权限。"), clauses=("3.4.1",))
    if not may_run(actor, book):
        raise NotFound(_("没有这本账。"))
