"""Pages that show the books: books, trial balance, ledgers, vouchers, and their exports."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import permissions, queries
from mingchan.foundation.ledger.choices import VoucherKind
from mingchan.foundation.ledger.forms import SpanForm, VoucherFilterForm
from mingchan.foundation.ledger.queries import checklist
from mingchan.foundation.ledger.views import workbook
from mingchan.kernel import links, money
from mingchan.kernel.errors import NotFound
from mingchan.kernel.period import format_moment, month_of, utc_now
from mingchan.kernel.ui.months import browser_month
from mingchan.kernel.ui.page import page

BOOKS_OFFERED = 500
SHORT_VOUCHER = 12
"""Lines up to which a voucher needs no summary by account."""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def _offered(request: HttpRequest) -> list[tuple[int, str]]:
    """Books for select boxes."""
    return list(queries.visible_to(request.actor).order_by("id").values_list("id", "name")[:BOOKS_OFFERED])


def span_asked(request: HttpRequest) -> tuple[SpanForm, int, int]:
    """The months asked for; else the year of the last voucher, up to its month."""
    form = SpanForm(request.GET)
    first, last = form.span(queries.last_month(request.actor) or month_of(request.on))
    return form, first, last


def span_text(first: int, last: int) -> str:
    if first == last:
        return queries.month_text(first)
    return _("%(first)s至%(last)s") % {"first": queries.month_text(first), "last": queries.month_text(last)}


@page(permissions.VIEW)
def books(request: HttpRequest) -> HttpResponse:
    """All books, one for each owner."""
    text = request.GET.get("text", "").strip()[:60]
    found = queries.books(request.actor, text=text, after=_number(request.GET.get("after")))
    return render(
        request,
        "ledger/books.html",
        {"rows": found.rows, "following": found.following, "text": text, "month_text": queries.month_text},
    )


@page(permissions.VIEW)
def trial_balance(request: HttpRequest) -> HttpResponse:
    """The trial balance of one book or of all."""
    form, first, last = span_asked(request)
    chosen = form.book_id()
    book = queries.book(request.actor, chosen) if chosen else None
    found = queries.trial_balance([book.pk] if book else queries.visible_to(request.actor), first, last)
    return render(
        request,
        "ledger/trial_balance.html",
        {
            "book": book,
            "found": found,
            "parts": [
                {
                    "side": side,
                    "is_budget": side is found.budget,
                    "rows": [row for row in side.rows if not row.is_empty],
                }
                for side in found.parts
                if not side.is_empty
            ],
            "offered": _offered(request),
            "first": browser_month(first),
            "last": browser_month(last),
            "span": span_text(first, last),
        },
    )


@page(permissions.VIEW)
def trial_balance_workbook(request: HttpRequest) -> HttpResponse:
    """The same table as a workbook."""
    form, first, last = span_asked(request)
    chosen = form.book_id()
    book = queries.book(request.actor, chosen) if chosen else None
    found = queries.trial_balance([book.pk] if book else queries.visible_to(request.actor), first, last)
    title = _("科目余额表（%(book)s）") % {"book": book.name if book else _("全部账套")}
    content = workbook.trial_balance(found, title, span_text(first, last))
    answer = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = content_disposition_header(True, f"{title} {first}-{last}.xlsx")
    return answer


@page(permissions.VIEW)
def account_by_book(request: HttpRequest, code: str) -> HttpResponse:
    """One account code across all books."""
    _form, first, last = span_asked(request)
    rows = queries.account_by_book(queries.visible_to(request.actor), code, first, last)
    return render(
        request,
        "ledger/account_by_book.html",
        {
            "code": code,
            "rows": rows,
            "first": browser_month(first),
            "last": browser_month(last),
            "span": span_text(first, last),
            "total": sum(each.row.closing_fen for each in rows),
        },
    )


def _account_page(request: HttpRequest, book_id: int, code: str) -> dict[str, object]:
    book = queries.book(request.actor, book_id)
    account = queries.account(book, code)
    _form, first, last = span_asked(request)
    return {
        "book": book,
        "held": account,
        "children": list(book.accounts.filter(parent_code=code).order_by("code")),
        "month_from": first,
        "month_to": last,
        "first": browser_month(first),
        "last": browser_month(last),
        "span": span_text(first, last),
        "month_text": queries.month_text,
        "browser_month": browser_month,
    }


@page(permissions.VIEW)
def general_ledger(request: HttpRequest, book_id: int, code: str) -> HttpResponse:
    """The general ledger (总账) of an account by month."""
    context = _account_page(request, book_id, code)
    context["ledger"] = queries.general_ledger(context["held"], context["month_from"], context["month_to"])
    return render(request, "ledger/general_ledger.html", context)


@page(permissions.VIEW)
def subsidiary_ledger(request: HttpRequest, book_id: int, code: str) -> HttpResponse:
    """The subsidiary ledger (明细账) of a last-level account, line by line."""
    context = _account_page(request, book_id, code)
    if not context["held"].is_leaf:
        raise NotFound(_("明细账只有末级科目才有。"))
    context["page"] = queries.account_ledger(
        context["held"], context["month_from"], context["month_to"], after=request.GET.get("after", "")[:40]
    )
    return render(request, "ledger/subsidiary_ledger.html", context)


@page(permissions.VIEW)
def vouchers(request: HttpRequest) -> HttpResponse:
    """The list of vouchers, newest first."""
    form = VoucherFilterForm(request.GET)
    wanted = form.wanted()
    found = queries.vouchers(wanted, request.actor, after=request.GET.get("after", "")[:40])
    count, total = queries.totals(wanted, request.actor)
    return render(
        request,
        "ledger/vouchers.html",
        {
            "form": form,
            "rows": found.rows,
            "following": found.following,
            "count": count,
            "total": total,
            "offered": _offered(request),
            "kinds": VoucherKind.choices,
            "states": form.fields["state"].choices[1:],
        },
    )


@page(permissions.VIEW)
def voucher(request: HttpRequest, voucher_id: int) -> HttpResponse:
    """One voucher, as it is printed (记账凭证)."""
    found = queries.voucher(request.actor, voucher_id)
    lines = queries.lines(found, after=_number(request.GET.get("after")) or 0)
    return render(
        request,
        "ledger/voucher.html",
        {
            "voucher": found,
            "lines": lines.rows,
            "following": lines.following,
            "parents": queries.parents(found.book),
            "sums": queries.account_sums(found) if found.line_count > SHORT_VOUCHER else [],
            "source": links.resolve(found.source),
            "words": ("负" if found.total_fen < 0 else "") + money.capital_words(abs(found.total_fen)),
            "recorded": format_moment(found.recorded_at),
            "reversal": getattr(found, "reversal", None),
        },
    )


@page(permissions.VIEW)
def subject(request: HttpRequest, ref: str) -> HttpResponseBase:
    """To the page of the object a line is about."""
    link = links.resolve(ref)
    if not link.url:
        raise NotFound(_("没有这个对象的页面。"))
    return HttpResponseRedirect(link.url)


@page(permissions.VIEW)
def journal(request: HttpRequest) -> HttpResponseBase:
    """The journal as text that hledger reads."""
    chosen = SpanForm(request.GET).book_id()
    if chosen:
        wanted = queries.visible_to(request.actor).filter(pk=queries.book(request.actor, chosen).pk)
    else:
        wanted = queries.visible_to(request.actor)
    answer = StreamingHttpResponse(queries.hledger_journal(wanted), content_type="text/plain; charset=utf-8")
    name = f"mingchan-{chosen or 'all'}-{date.strftime(request.on, '%Y%m%d')}.journal"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@page(permissions.VIEW)
def periods(request: HttpRequest, book_id: int) -> HttpResponse:
    """The months of a book, and who closed them."""
    book = queries.book(request.actor, book_id)
    rows = queries.months_of(book, request.on, utc_now())
    return render(
        request,
        "ledger/periods.html",
        {
            "book": book,
            "rows": rows,
            "due": queries.due_to_close(book),
            "may_close": permissions.may(request.actor, permissions.CLOSE, book.division_code, book.owner_id),
            "account_id": request.actor.account_id,
            "browser_month": browser_month,
            "month_text": queries.month_text,
            "this_month": month_of(request.on),
        },
    )


@page(permissions.VIEW)
def closing(request: HttpRequest, book_id: int) -> HttpResponse:
    """What is looked at before the due month of a book is closed, and the closing itself."""
    book = queries.book(request.actor, book_id)
    due = queries.due_to_close(book)
    items = checklist.items(book, due, request.on)
    may_close = permissions.may(request.actor, permissions.CLOSE, book.division_code, book.owner_id)
    return render(
        request,
        "ledger/closing.html",
        {
            "book": book,
            "due": due,
            "text": queries.month_text(due),
            "items": items,
            "stops": sum(not item.good and item.blocks for item in items),
            "explain": sum(not item.good and not item.blocks for item in items),
            "may_close": may_close and due <= month_of(request.on),
            "may_carry": may_close and due % 100 == checklist.DECEMBER and request.on >= date(due // 100, 12, 31),
            "year": due // 100,
            "month": browser_month(due),
        },
    )
