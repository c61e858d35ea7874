"""Pages that show depreciation: books and runs, one run, and the three figures held against each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Book
from mingchan.kernel.errors import NotFound
from mingchan.kernel.ui.page import page
from mingchan.register.depreciation import permissions, rules
from mingchan.register.depreciation.choices import RunState, Why
from mingchan.register.depreciation.forms import ListForm
from mingchan.register.depreciation.models import Run
from mingchan.register.depreciation.queries import books as book_queries
from mingchan.register.depreciation.queries import reconciling, standing, tables

PAGE = 50
OFFERED = 500


def offered(request: HttpRequest) -> list[tuple[int, str]]:
    """Books for select boxes."""
    return list(book_queries.with_cards(request.actor).order_by("pk").values_list("pk", "name")[:OFFERED])


def asked_book(request: HttpRequest, form: ListForm) -> Book | None:
    """The book asked for. Raises NotFound out of the actor's reach."""
    chosen = form.asked("book")
    return ledger.book(request.actor, int(str(chosen))) if chosen else None


@page(permissions.VIEW)
def runs(request: HttpRequest) -> HttpResponse:
    """Books with cards, what is due in each, and the runs so far."""
    form = ListForm(request.GET)
    book = asked_book(request, form)
    if book is not None:
        stood, following = [book_queries.standing_of(book, request.on)], None
    else:
        found = book_queries.standings(request.actor, request.on, after=int(str(form.asked("after") or 0)), limit=PAGE)
        stood, following = found[:PAGE], found[PAGE - 1].book.pk if len(found) > PAGE else None
    listed = tables.runs(request.actor, ledger.visible_to(request.actor), book_id=book.pk if book else None, limit=PAGE)
    return render(
        request,
        "depreciation/runs.html",
        {
            "book": book,
            "standings": stood,
            "following": following,
            "runs": listed[:PAGE],
            "offered": offered(request),
            "month_text": ledger.month_text,
            "may_run": {each.book.pk for each in stood if permissions.may_run(request.actor, each.book)},
            "REVERSED": RunState.REVERSED,
        },
    )


@page(permissions.VIEW)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: its sums, its voucher, each asset's charge, and what the month doesn't charge."""
    found = Run.objects.filter(pk=run_id).select_related("book", "voucher", "reversal").first()
    if found is None or not ledger.visible_to(request.actor).filter(pk=found.book_id).exists():
        raise NotFound(_("没有这次折旧计提。"))
    form = ListForm(request.GET)
    charges = tables.charges(found, after=int(str(form.asked("after") or 0)), limit=PAGE)
    count = rules.counted(found.month)
    is_last = (
        found.state == RunState.POSTED
        and not Run.objects.filter(book=found.book_id, state=RunState.POSTED, month__gt=found.month).exists()
    )
    why = str(form.asked("why") or "")
    return render(
        request,
        "depreciation/run.html",
        {
            "run": found,
            "charges": charges[:PAGE],
            "following": charges[PAGE - 1][0] if len(charges) > PAGE else None,
            "skipped": named(standing.skipped(found.book, count)),
            "why": why,
            "skipped_cards": standing.skipped_cards(found.book, count, why) if why else [],
            "classes": tables.CLASSES,
            "month": ledger.month_text(found.month),
            "may_reverse": is_last and permissions.may_run(request.actor, found.book),
            "REVERSED": RunState.REVERSED,
        },
    )


def named(skipped: dict[str, tuple[int, int]]) -> list[tuple[str, str, int, int]]:
    """Reasons with their words, how many cards, and their cost in fen."""
    return [(why, str(Why(why).label), n, fen) for why, (n, fen) in skipped.items()]


@page(permissions.VIEW)
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Register, ledger and latest count as three figures, and the list of differences."""
    book = asked_book(request, ListForm(request.GET))
    found = reconciling.reconcile(request.actor, book, request.on)
    return render(
        request, "depreciation/reconciliation.html", {"book": book, "found": found, "offered": offered(request)}
    )
