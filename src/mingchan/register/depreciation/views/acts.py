"""Acts on depreciation: look at a month before it is charged, charge it, take it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Book
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.months import browser_month
from mingchan.kernel.ui.page import page
from mingchan.register.depreciation import permissions, rules, services
from mingchan.register.depreciation.forms import MonthForm, ReverseForm
from mingchan.register.depreciation.queries import books as book_queries
from mingchan.register.depreciation.queries import standing, tables
from mingchan.register.depreciation.views.pages import named


@page(permissions.RUN, methods=("GET", "POST"))
def prepare(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """What a month would charge and what not, and why; sent, it is charged and posted."""
    book = ledger.book(request.actor, book_id, permissions.RUN)
    stood = book_queries.standing_of(book, request.on)
    form = MonthForm(request.POST if request.method == "POST" else {"month": request.GET.get("month", str(stood.due))})
    if not form.is_valid():
        raise Refusal(str(form.errors["month"][0]), field="month")
    month = form.cleaned_data["month"]
    if request.method == "POST":
        run = services.post(book.pk, month, actor=request.actor, on=request.on)
        messages.success(
            request,
            _("已计提%(month)s折旧：%(count)s 项资产。") % {"month": ledger.month_text(month), "count": run.count},
        )
        return HttpResponseRedirect(reverse("depreciation:run", args=[run.pk]))
    return _shown(request, book, stood, month)


def _shown(request: HttpRequest, book: Book, stood: book_queries.Standing, month: int) -> HttpResponse:
    context = {
        "book": book,
        "standing": stood,
        "month": browser_month(month),
        "text": ledger.month_text(month),
        "classes": tables.CLASSES,
        "refusal": "",
        "found": None,
        "skipped": [],
    }
    try:
        context["found"] = services.preview(book.pk, month, actor=request.actor, on=request.on)
        context["skipped"] = named(standing.skipped(book, rules.counted(month)))
    except Refusal as refusal:
        context["refusal"] = str(refusal)
    return render(request, "depreciation/prepare.html", context)


@page(permissions.RUN, methods=("POST",))
def reverse_run(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """Take a run back with a red voucher."""
    form = ReverseForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    runs = services.reverse(run_id, reason, actor=request.actor, on=request.on)
    messages.success(request, _("已冲销%(month)s折旧。") % {"month": ledger.month_text(runs[0].month)})
    return HttpResponseRedirect(reverse("depreciation:run", args=[run_id]))
