"""Connections of the books (账务): the procedure by which a closed month is opened again."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.ledger import permissions, queries
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.models import Book, Period
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import links
from mingchan.kernel.actor import Actor
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref

PROCEDURE = "reopening"
PROTECTED: tuple[Protected, ...] = ()
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {}


def ask(period: Period, reason: str, actor: Actor, on: date) -> str:
    """Start the case; whoever closed the month has no part in the decision."""
    title = _("%(book)s %(month)s 反结账") % {"book": period.book.name, "month": queries.month_text(period.month)}
    case = procedures.start(
        PROCEDURE,
        title=title,
        text=reason,
        subject=period.ref,
        facts={"month": period.month},
        division=period.book.division_code,
        right=permissions.CLOSE,
        actor=actor,
        on=on,
    )
    return reverse("procedures:case", args=[case.pk])


def _opened(case: Case, actor: Actor, on: date) -> None:
    """The finance bureau agreed: the month takes postings for 72 hours."""
    period = Period.objects.get(pk=int(Ref.parse(case.subject).id))
    basis = Ref("case", case.pk)
    ledger.reopen_period(period.book_id, period.month, case.text, basis=basis, actor=actor, on=on)


def _period(ref: Ref) -> Link | None:
    found = Period.objects.filter(pk=ref.id).select_related("book").first()
    if found is None:
        return None
    title = f"{found.book.name} {queries.month_text(found.month)}"
    return Link(title, reverse("ledger:periods", args=[found.book_id]))


def _book(ref: Ref) -> Link | None:
    name = Book.objects.filter(pk=ref.id).values_list("name", flat=True).first()
    return Link(name, reverse("ledger:trial_balance") + f"?book={ref.id}") if name else None


def connect() -> None:
    """Make them."""
    ledger.reopened_by(ask)
    links.register("period", _period)
    links.register("book", _book)
    outcomes.register(PROCEDURE, Outcome(on_approved=_opened))
